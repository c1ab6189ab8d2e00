/** A message of the live stream; `seq` grows in commit order. */
export interface Sequenced { readonly seq: number }

export type Resumed<T> = { readonly messages: readonly T[]; readonly seq: number } | { readonly gap: true; readonly seq: number };

/** Messages kept while an answer to `resume` is awaited; more than that means the list must be read again. */
const HELD_MESSAGES_MAX = 5_000;

/**
 * Keeps the stream whole over disconnects: nothing missed, nothing twice. While a resume is under way live messages are held
 * back, because the older ones that the answer brings must come first. The table is the truth, the socket only a hint:
 * where the stream cannot be made whole the caller is told to read again.
 */
export class LiveCursor<T extends Sequenced> {
  private last = -1;
  private held: T[] | null = null;
  private overflowed = false;

  /** Highest sequence applied; -1 before anything was read. */
  get seq(): number {
    return this.last;
  }

  /** A connection begins: hold live messages until `resumed` or `startAt`. */
  hold(): void {
    this.held ??= [];
  }

  /** A live message: the messages to apply now (none while holding, none when it was seen before). */
  accept(message: T): readonly T[] {
    if (this.held) {
      if (this.held.length < HELD_MESSAGES_MAX) this.held.push(message);
      else this.overflowed = true;
      return [];
    }
    if (message.seq <= this.last) return [];
    this.last = message.seq;
    return [message];
  }

  /** The answer to `resume`: what to apply, in order, and whether the lists must be read again. */
  resumed(answer: Resumed<T>): { readonly apply: readonly T[]; readonly reload: boolean } {
    const held = this.held ?? [];
    const reload = 'gap' in answer || this.overflowed;
    this.held = null;
    this.overflowed = false;
    const apply: T[] = [];
    if ('gap' in answer) this.last = Math.max(this.last, answer.seq);
    else for (const message of answer.messages) this.push(apply, message);
    for (const message of held) this.push(apply, message);
    if (!('gap' in answer)) this.last = Math.max(this.last, answer.seq);
    return { apply, reload };
  }

  /** The server says that messages were left out (a slow client, for example). */
  gap(seq: number): void {
    this.last = Math.max(this.last, seq);
  }

  private push(apply: T[], message: T): void {
    if (message.seq <= this.last) return;
    this.last = message.seq;
    apply.push(message);
  }
}
