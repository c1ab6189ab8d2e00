/** Items in the order of their time; those that come in order, nearly all, are appended. Equal times keep the order they came in. */
export class TimeQueue<T> {
  private times: number[] = [];
  private items: T[] = [];
  private head = 0;

  get size(): number {
    return this.items.length - this.head;
  }

  get firstTime(): number {
    return this.head < this.times.length ? this.times[this.head]! : Number.POSITIVE_INFINITY;
  }

  push(time: number, item: T): void {
    if (this.size === 0 || time >= this.times[this.times.length - 1]!) {
      this.times.push(time);
      this.items.push(item);
      return;
    }
    let low = this.head;
    let high = this.times.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.times[middle]! <= time) low = middle + 1;
      else high = middle;
    }
    this.times.splice(low, 0, time);
    this.items.splice(low, 0, item);
  }

  entries(): [number, T][] {
    return this.times.slice(this.head).map((time, index) => [time, this.items[this.head + index]!]);
  }

  shift(): T {
    const item = this.items[this.head]!;
    // Let go of the item at once, and of the space now and then.
    this.items[this.head] = undefined as T;
    this.head += 1;
    if (this.head > 1_024 && this.head * 2 > this.items.length) {
      this.items = this.items.slice(this.head);
      this.times = this.times.slice(this.head);
      this.head = 0;
    }
    return item;
  }
}
