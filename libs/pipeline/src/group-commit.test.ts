import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GroupCommit } from './group-commit.js';

const turn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });

describe('GroupCommit', () => {
  it('commits everything once, in order, never two at a time', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.tuple(fc.integer({ min: 1, max: 30 }), fc.boolean()), { minLength: 1, maxLength: 40 }), async (calls) => {
      const committed: number[] = [];
      let inside = 0;
      const group = new GroupCommit<number>(async (items) => {
        inside += 1;
        expect(inside).toBe(1);
        expect(items.length).toBeLessThanOrEqual(16);
        await turn();
        committed.push(...items);
        inside -= 1;
      }, { batchItemsMax: 16, queueItemsMax: 10_000 });
      let next = 0;
      const done: Promise<void>[] = [];
      for (const [size, wait] of calls) {
        const items = Array.from({ length: size }, () => next++);
        done.push(group.add(items).then(() => { expect(committed).toEqual(expect.arrayContaining(items)); }));
        if (wait) await turn();
      }
      await Promise.all(done);
      await group.drain();
      expect(committed).toEqual(Array.from({ length: next }, (_, index) => index));
      expect(group.pendingItems).toBe(0);
    }), { numRuns: 50 });
  });

  it('joins what arrives during a commit into the next one', async () => {
    const sizes: number[] = [];
    const group = new GroupCommit<string>(async (items) => { sizes.push(items.length); await turn(); }, { batchItemsMax: 100, queueItemsMax: 100 });
    const first = group.add(['a']);
    await Promise.resolve();
    await Promise.resolve();
    await Promise.all([first, group.add(['b']), group.add(['c'])]);
    expect(sizes).toEqual([1, 2]);
  });

  it('tells each caller of a failed commit, and goes on', async () => {
    let fail = true;
    const group = new GroupCommit<string>(async () => { if (fail) throw new Error('disk full'); }, { batchItemsMax: 10, queueItemsMax: 100 });
    const results = await Promise.allSettled([group.add(['a']), group.add(['b'])]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    fail = false;
    await expect(group.add(['c'])).resolves.toBeUndefined();
    expect(group.pendingItems).toBe(0);
  });

  it('refuses when full, before taking anything', async () => {
    let release = (): void => {};
    const group = new GroupCommit<number>(() => new Promise((resolve) => { release = resolve; }), { batchItemsMax: 2, queueItemsMax: 3 });
    const held = group.add([1, 2, 3]);
    expect(() => { group.assertRoom(1); }).toThrowError(expect.objectContaining({ code: 'overloaded' }));
    await turn();
    release();
    await turn();
    release();
    await held;
    expect(() => { group.assertRoom(1); }).not.toThrow();
  });
});
