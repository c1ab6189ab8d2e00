import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LiveCursor } from './live-cursor.js';

interface Message { readonly seq: number }
const seqs = (messages: readonly Message[]) => messages.map(({ seq }) => seq);

describe('LiveCursor', () => {
  it('drops what it has seen and passes what is new', () => {
    const cursor = new LiveCursor<Message>();
    expect(seqs(cursor.accept({ seq: 3 }))).toEqual([3]);
    expect(seqs(cursor.accept({ seq: 3 }))).toEqual([]);
    expect(seqs(cursor.accept({ seq: 2 }))).toEqual([]);
    expect(seqs(cursor.accept({ seq: 7 }))).toEqual([7]);
  });

  it('puts the resumed messages before the live ones that came meanwhile', () => {
    const cursor = new LiveCursor<Message>();
    cursor.accept({ seq: 5 });
    cursor.hold();
    expect(cursor.accept({ seq: 9 })).toEqual([]);
    const { apply, reload } = cursor.resumed({ messages: [{ seq: 6 }, { seq: 7 }, { seq: 8 }, { seq: 9 }], seq: 9 });
    expect(seqs(apply)).toEqual([6, 7, 8, 9]);
    expect(reload).toBe(false);
    expect(cursor.seq).toBe(9);
  });

  it('asks for a new reading on a gap, and goes on from where the gap ends', () => {
    const cursor = new LiveCursor<Message>();
    cursor.accept({ seq: 5 });
    cursor.hold();
    cursor.accept({ seq: 120 });
    cursor.accept({ seq: 121 });
    const { apply, reload } = cursor.resumed({ gap: true, seq: 120 });
    expect(seqs(apply)).toEqual([121]);
    expect(reload).toBe(true);
  });

  it('asks for a new reading when more came than it may hold', () => {
    const cursor = new LiveCursor<Message>();
    cursor.hold();
    for (let seq = 1; seq <= 5_002; seq += 1) cursor.accept({ seq });
    expect(cursor.resumed({ messages: [], seq: 0 }).reload).toBe(true);
    cursor.hold();
    expect(cursor.resumed({ messages: [], seq: 0 }).reload).toBe(false);
  });

  it('applies each message once and in order, wherever the connection broke', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 60 }), fc.array(fc.tuple(fc.nat(60), fc.nat(8)), { maxLength: 6 }), (count, breaks) => {
      const cursor = new LiveCursor<Message>();
      const seen: number[] = [];
      const take = (messages: readonly Message[]) => seen.push(...seqs(messages));
      cursor.hold();
      take(cursor.resumed({ messages: [], seq: 0 }).apply);
      let sent = 0;
      for (const [at, lost] of [...breaks].sort((a, b) => a[0] - b[0])) {
        for (; sent < Math.min(at, count); sent += 1) take(cursor.accept({ seq: sent + 1 }));
        sent = Math.max(sent, Math.min(count, sent + lost)); // these were lost on the wire
        const from = cursor.seq;
        cursor.hold();
        if (sent < count) {
          sent += 1;
          take(cursor.accept({ seq: sent })); // overtakes the answer
        }
        take(cursor.resumed({ messages: Array.from({ length: sent - from }, (_, index) => ({ seq: from + 1 + index })), seq: sent }).apply);
      }
      for (; sent < count; sent += 1) take(cursor.accept({ seq: sent + 1 }));
      expect(seen).toEqual(Array.from({ length: count }, (_, index) => index + 1));
    }));
  });
});
