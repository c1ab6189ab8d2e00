import type { Event } from '@wary/model/event.js';
import { FindingSchema, type Finding } from '@wary/model/finding.js';
import { buildEvent, inTimeOrder, numbered, type EventParts } from '@wary/testkit/event-builder.js';
import { OFFICE_START, officeStream } from '@wary/testkit/office-stream.js';
import { SeededRandom } from '@wary/testkit/seeded-random.js';
import { describe, expect, it } from 'vitest';
import { createEngine, type Engine } from './engine.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Of two dozen people nobody accepts five false alarms a day. */
const OPTIONS = { budgetPerDay: 0.5, seed: 1 } as const;
const USER_4: EventParts = { actor: { id: 'user-4', group: 'team-1' }, peerGroup: 'team-1', client: { country: 'DE', asn: 3_001, userAgent: 'Mozilla/5.0 Chrome/120.0' } };

const office = officeStream({ seed: 3, users: 24, days: 19 });
/** Friday of the third week. */
const FRIDAY = OFFICE_START + 18 * DAY;
/** 120 downloads within half an hour, at two in the night. */
const theft = Array.from({ length: 120 }, (_, i) => buildEvent({ ...USER_4, id: `theft-${i}`, time: FRIDAY + 2 * HOUR + i * 15_000, action: 'download', bytes: 400_000, resource: { id: `files/team-1/secret-${i}`, type: 'file' } }));
const stream = inTimeOrder([...office, ...theft]);

function run(events: readonly Event[], engine: Engine = createEngine(OPTIONS), batch = 500): Finding[] {
  const found: Finding[] = [];
  for (let i = 0; i < events.length; i += batch) found.push(...engine.scoreEvents(events.slice(i, i + batch)));
  return found;
}
const runAll = (events: readonly Event[]): Finding[] => { const engine = createEngine(OPTIONS); return [...run(events, engine), ...engine.finish()]; };
const found = runAll(stream);
const raisedBy = (findings: readonly Finding[], detector: string, lengthMs: number): Finding[] => findings.filter((finding) => finding.detector.id === detector && finding.window.end - finding.window.start === lengthMs && finding.entity.id === 'user-4');

describe('the engine on an office with a theft', () => {
  const hour = raisedBy(found, 'volume', HOUR);

  it('raises the theft with the event that crosses, then each further decade, then at the close: one id, revisions in order', () => {
    expect(hour.length).toBeGreaterThan(5);
    expect(new Set(hour.map(({ id }) => id)).size).toBe(1);
    expect(hour.map(({ revision }) => revision)).toEqual(hour.map((_, index) => index));
    expect(hour.map(({ closed }) => closed)).toEqual(hour.map((_, index) => index === hour.length - 1));
    for (let i = 1; i < hour.length; i += 1) expect(hour[i]!.strength).toBeGreaterThan(i < hour.length - 1 ? hour[i - 1]!.strength + 1 - 1e-6 : hour[i - 1]!.strength - 1e-6);
    const first = hour[0]!;
    const crossing = stream.find(({ seq }) => seq === first.seq)!;
    expect(crossing.id).toMatch(/^theft-/);
    expect(first.time).toBe(crossing.time);
    expect(first.explanation.eventIds.at(-1)).toBe(crossing.id);
    // Far from the end of the theft.
    expect(theft.findIndex(({ id }) => id === crossing.id)).toBeLessThan(12);
  });

  it('says everything a finding must say, in the shape of the schema', () => {
    for (const finding of found) {
      FindingSchema.parse(finding);
      const { explanation } = finding;
      if (finding.deterministic) continue;
      expect(explanation.contributions.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 5);
      expect(explanation.summary).toContain(finding.entity.id);
      expect(explanation.eventIds.length).toBeGreaterThan(0);
      expect(explanation.eventIds.length).toBeLessThanOrEqual(20);
      expect(explanation.counterfactual?.text).toMatch(/stayed quiet/);
      expect(explanation.techniques.length).toBeGreaterThan(0);
      expect(finding.p).toBeCloseTo(10 ** -finding.strength, 12);
    }
    const last = hour.at(-1)!;
    expect(last.explanation).toMatchObject({ observed: 120, unit: 'downloads', peers: { group: 'team-1', verdict: 'unusual_for_both' } });
    expect(last.explanation.expected!.high).toBeLessThan(8);
    expect(last.explanation.history.length).toBeGreaterThan(4);
    expect(last.explanation.history.at(-1)!.value).toBe(120);
    expect(last.explanation.unlikely).toMatch(/weeks for this user/);
    expect(['high', 'critical']).toContain(last.severity);
  });

  it('blames nobody else on that day for more than a low one', () => {
    const others = found.filter(({ entity, time, severity }) => entity.id !== 'user-4' && time >= FRIDAY && severity !== 'informational' && severity !== 'low');
    expect(others).toEqual([]);
  });

  it('is silent before it knows anything', () => {
    expect(found.filter(({ time }) => time < OFFICE_START + 12 * HOUR)).toEqual([]);
    // The same theft in the first hour of a new tenant.
    expect(run(numbered(theft))).toEqual([]);
  });

  it('gives the same bytes for the same events, however they are batched', () => {
    const engine = createEngine(OPTIONS);
    expect(JSON.stringify([...run(stream, engine, 37), ...engine.finish()])).toBe(JSON.stringify(found));
  });

  it('neither scores nor learns an event twice', () => {
    const engine = createEngine(OPTIONS);
    const twice: Finding[] = [];
    for (let i = 0; i < stream.length; i += 250) { const batch = stream.slice(i, i + 250); twice.push(...engine.scoreEvents(batch), ...engine.scoreEvents(batch)); }
    expect(JSON.stringify([...twice, ...engine.finish()])).toBe(JSON.stringify(found));
  });

  it('does not look ahead: cutting the future off changes nothing before the cut', () => {
    const random = new SeededRandom(5);
    for (let i = 0; i < 2; i += 1) {
      const cut = 1 + random.below(stream.length);
      const seq = stream[cut - 1]!.seq;
      expect(JSON.stringify(run(stream.slice(0, cut)))).toBe(JSON.stringify(found.filter((finding) => finding.seq <= seq).slice(0, run(stream.slice(0, cut)).length)));
    }
  });
});

describe('counterfactuals', () => {
  it('hold in a replay: with no more downloads than they say, the hour stays quiet', () => {
    const { counterfactual, eventIds } = raisedBy(found, 'volume', HOUR)[0]!.explanation;
    expect(counterfactual!.feature).toBe('downloads.1h');
    const quiet = counterfactual!.value as number;
    // Of that hour only as many downloads happen as the counterfactual allows, and no more events at all in the night.
    const fewer = numbered(stream.filter(({ id }) => !id.startsWith('theft-') || Number(id.slice(6)) < quiet));
    expect(raisedBy(runAll(fewer), 'volume', HOUR)).toEqual([]);
    const oneMore = numbered(stream.filter(({ id }) => !id.startsWith('theft-') || Number(id.slice(6)) < quiet + 1));
    expect(raisedBy(run(oneMore), 'volume', HOUR)[0]!.explanation.eventIds).toEqual(eventIds);
  });

  it('of a sum hold too: the crossing event with the value that is left stays quiet', () => {
    const big = (bytes: number): Event => buildEvent({ ...USER_4, id: 'big', time: FRIDAY + 10 * HOUR + 1_000, action: 'read', bytes, resource: { id: 'files/user-4/1', type: 'file' } });
    const at = (bytes: number): Finding[] => raisedBy(runAll(inTimeOrder([...office, big(bytes)])), 'volume', HOUR);
    const { counterfactual, observed, history, expected } = at(9e9)[0]!.explanation;
    expect(counterfactual!.feature).toBe('bytes.1h');
    // The band of the past is that of its time, near what it is now.
    for (const { start, low, high } of history.slice(0, -1)) { expect(start).toBeLessThan(FRIDAY + 10 * HOUR); expect(high).toBeGreaterThan(low); expect(Math.abs(Math.log(high / expected!.high))).toBeLessThan(1.5); }
    const quiet = (counterfactual!.value as number) - (observed! - 9e9);
    expect(quiet).toBeGreaterThan(1e5);
    expect(at(quiet)).toEqual([]);
    expect(at(quiet * 1.01)).not.toEqual([]);
  });
});

describe('snapshots', () => {
  it('an interrupted run finds what an uninterrupted one finds, byte for byte, wherever it was cut', () => {
    for (const share of [0.2, 0.83, 0.9, 0.935]) {
      const cut = Math.floor(stream.length * share);
      const before = createEngine(OPTIONS);
      const head = run(stream.slice(0, cut), before);
      const bytes = before.dump();
      const after = createEngine(OPTIONS);
      expect(after.restore(bytes)).toBe(true);
      expect(after.lastSeq).toBe(stream[cut - 1]!.seq);
      expect(Buffer.from(after.dump()).equals(Buffer.from(bytes))).toBe(true);
      // The log is read again from a little before: what was scored is known.
      const tail = [...run(stream.slice(Math.max(0, cut - 300)), after), ...after.finish()];
      expect(JSON.stringify([...head, ...tail])).toBe(JSON.stringify(found));
    }
  });

  it('of another version, or cut short, are refused', () => {
    const engine = createEngine(OPTIONS);
    run(stream.slice(0, 200), engine);
    const bytes = engine.dump();
    const older = bytes.slice();
    new DataView(older.buffer).setUint32(4, 0, true);
    expect(createEngine(OPTIONS).restore(older)).toBe(false);
    expect(createEngine(OPTIONS).restore(new Uint8Array(3))).toBe(false);
  });
});

describe('the order of events', () => {
  it('between principals does not matter within an hour: the same findings, levels and numbers', () => {
    // As if two processes had taken every hour one after the other.
    const process = ({ actor }: Event): number => actor.id.length % 2;
    const apart = numbered([...stream].sort((a, b) => Math.floor(a.time / HOUR) - Math.floor(b.time / HOUR) || process(a) - process(b) || a.seq - b.seq));
    const key = ({ id, revision, strength, severity, explanation, closed }: Finding): string => JSON.stringify([id, revision, strength, severity, closed, explanation]);
    expect(runAll(apart).map(key).sort()).toEqual(found.map(key).sort());
  });

  it('shuffled by up to 15 minutes the windows close with the same counts, sums and distinct numbers', () => {
    const random = new SeededRandom(8);
    const shuffled = numbered(stream.map((event) => ({ event, at: event.time + random.below(14 * 60_000) })).sort((a, b) => a.at - b.at).map(({ event }) => event));
    const observed = (findings: readonly Finding[]): Map<string, unknown> => new Map(findings.filter(({ closed, detector }) => closed && ['volume', 'breadth'].includes(detector.id)).map(({ id, explanation }) => [id, explanation.observed]));
    const ordered = observed(found);
    const other = observed(runAll(shuffled));
    const theftIds = [...new Set(found.filter(({ entity, window, detector }) => entity.id === 'user-4' && window.end - window.start >= HOUR && detector.id !== 'novelty').map(({ id }) => id))];
    expect(theftIds.length).toBeGreaterThan(2);
    for (const id of theftIds) if (ordered.has(id)) expect(other.get(id)).toBe(ordered.get(id));
  });
});
