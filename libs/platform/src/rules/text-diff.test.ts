import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textDiff } from './text-diff.js';

describe('the difference of two texts', () => {
  it('shows what changed with three lines around, in the unified form', () => {
    const before = Array.from({ length: 12 }, (_, n) => `line ${n}`).join('\n');
    expect(textDiff(before, before)).toBe('');
    expect(textDiff(before, before.replace('line 5', 'five'))).toBe('@@ -3,7 +3,7 @@\n line 2\n line 3\n line 4\n-line 5\n+five\n line 6\n line 7\n line 8\n');
    expect(textDiff('', 'a\n')).toBe('@@ -1,0 +1,1 @@\n+a\n');
  });

  it('has every line of both texts that is not common, and applies', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 }).map((lines) => lines.join('\n'));
    fc.assert(fc.property(text, text, (before, after) => {
      expect(apply(before, textDiff(before, after))).toBe(after.replace(/\n$/, ''));
    }), { numRuns: 500, seed: 3 });
  });
});

/** What `patch` does: lines of the old text outside the hunks stay, the hunks say the rest. */
function apply(before: string, diff: string): string {
  const old = before === '' ? [] : before.replace(/\n$/, '').split('\n');
  if (diff === '') return old.join('\n');
  const out: string[] = [];
  let at = 0;
  for (const line of diff.replace(/\n$/, '').split('\n')) {
    const start = /^@@ -(\d+),(\d+) /.exec(line);
    if (start !== null) {
      while (at < Number(start[1]) - 1) out.push(old[at++]!);
    } else if (line[0] === '+') out.push(line.slice(1));
    else {
      expect(old[at]).toBe(line.slice(1));
      if (line[0] === ' ') out.push(line.slice(1));
      at += 1;
    }
  }
  return [...out, ...old.slice(at)].join('\n');
}
