import type { Finding } from '@wary/model/finding.js';
import { FindingSchema } from '@wary/model/finding.js';
import { buildEvent } from '@wary/testkit/event-builder.js';
import { describe, expect, it } from 'vitest';
import { ANALYTICS } from './analytics.js';
import type { Signal } from './detector.js';
import { SignalBook } from './signal-book.js';

const DAY = 86_400_000;
const START = Date.UTC(2026, 10, 23);
const HOUR = START / 3_600_000;
const signal = (parts: Partial<Signal> = {}): Signal => ({
  analytic: ANALYTICS.canary, entity: { type: 'user', id: 'alice' }, subject: 'canary-1', strength: 5, severity: 'medium', title: 'Canary touched', summary: 'Alice touched it.',
  matched: [{ field: 'a', value: '1', pattern: 'x' }, { field: 'b', value: '2', pattern: 'y' }, { field: 'c', value: '3', pattern: 'z' }], counterfactual: { text: '…', feature: 'canaries', value: null },
  observed: null, expected: null, unit: '', calibration: 'deterministic', eventIds: [], ...parts,
});
const note = (book: SignalBook, out: Finding[], minute: number, parts: Partial<Signal> = {}, flags = 0): void => book.note(signal(parts), buildEvent({ id: `e${minute}`, time: START + minute * 60_000, flags, criticality: minute === 3 ? 4 : 2 }), HOUR + Math.floor(minute / 60), out);

describe('the signal book', () => {
  it('makes one finding a day for each subject, revised at each doubling, when graver, and a decade stronger', () => {
    const book = new SignalBook('default');
    const out: Finding[] = [];
    for (let minute = 0; minute < 9; minute += 1) note(book, out, minute);
    expect(out.map(({ revision, explanation }) => [revision, explanation.eventIds.length])).toEqual([[0, 1], [1, 2], [2, 4], [3, 8]]);
    note(book, out, 9, { severity: 'high' });
    note(book, out, 10, { strength: 6.2, severity: 'medium' });
    note(book, out, 11, { subject: 'canary-2' });
    expect(out.slice(4).map(({ revision, severity, strength }) => [revision, severity, strength])).toEqual([[4, 'high', 5], [5, 'high', 6.2], [0, 'medium', 5]]);
    expect(out.at(-2)).toMatchObject({ criticality: 4, closed: false, deterministic: true, p: null });
    expect(out.at(-2)!.explanation.summary).toContain('the 11th time on this day');
    for (const finding of out) { FindingSchema.parse(finding); expect(finding.explanation.contributions.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9); }
    expect(new Set(out.map(({ id }) => id)).size).toBe(2);
  });

  it('closes a day when a day has passed after it, and the next day is another finding', () => {
    const book = new SignalBook('default');
    const out: Finding[] = [];
    note(book, out, 5);
    book.advance(HOUR + 47, out);
    expect(out.length).toBe(1);
    book.advance(HOUR + 48, out);
    expect(out.map(({ revision, closed }) => [revision, closed])).toEqual([[0, false], [1, true]]);
    expect(book.size).toBe(0);
    book.note(signal(), buildEvent({ id: 'next', time: START + DAY }), HOUR + 48, out);
    expect(out.at(-1)!.id).not.toBe(out[0]!.id);
    // A late event of the closed day does not come back as revision 0 of what was closed.
    book.note(signal(), buildEvent({ id: 'late', time: START }), HOUR + 60, out);
    expect(new Set(out.map(({ id }) => id)).size).toBe(3);
  });

  it('marks what history raises, and carries on after a snapshot', () => {
    const [book, loaded] = [new SignalBook('default'), new SignalBook('default')];
    const [out, other]: Finding[][] = [[], []];
    note(book, out!, 1, {}, 1);
    expect(out![0]!.historical).toBe(true);
    loaded.load(structuredClone(book.dump()));
    for (const [each, into] of [[book, out!], [loaded, other!]] as const) { note(each, into, 2); note(each, into, 3); each.advance(HOUR + 100, into); }
    expect(JSON.stringify(other)).toBe(JSON.stringify(out!.slice(1)));
  });
});
