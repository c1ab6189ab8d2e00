/** Rows by exact id or by `prefix*`; the exact ones answer first, then those of the longest prefix. */
export class PatternIndex<T> {
  private readonly exact = new Map<string, T[]>();
  private readonly prefixes = new Map<string, T[]>();
  /** Distinct prefix lengths, longest first. */
  private lengths: number[] = [];

  add(pattern: string, value: T): void {
    const wildcard = pattern.endsWith('*');
    const map = wildcard ? this.prefixes : this.exact;
    const key = wildcard ? pattern.slice(0, -1) : pattern;
    const values = map.get(key);
    if (values !== undefined) values.push(value);
    else map.set(key, [value]);
    if (wildcard && !this.lengths.includes(key.length)) this.lengths = [...this.lengths, key.length].sort((a, b) => b - a);
  }

  find(id: string): readonly T[] {
    const exact = this.exact.get(id);
    if (exact !== undefined) return exact;
    for (const length of this.lengths) {
      if (length > id.length) continue;
      const values = this.prefixes.get(id.slice(0, length));
      if (values !== undefined) return values;
    }
    return NONE;
  }
}
const NONE: readonly never[] = [];
