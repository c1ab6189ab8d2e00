import { createCorrelationEngine, type ForwardedRecord } from '@wary/detect/correlation-engine.js';
import type { CorrelationRunner } from '@wary/detect/rule-stage.js';
import { seqOf } from '@wary/model/topics.js';
import type { SinkMessage } from '@wary/ports/message-sink.port.js';
import type { SourceMessage } from '@wary/ports/event-source.port.js';
import { buildEvent } from '@wary/testkit/event-builder.js';
import { FakeClock } from '@wary/testkit/fake-clock.js';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { PathMetrics } from '../path/path-metrics.js';
import { CorrelateWork } from './correlate-work.js';
import { sendMatches, type MatchRecord } from './match-record.js';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 23, 8);
const RULE = { id: 'r', version: 1, title: 'T', description: '', severity: 'high', techniques: [], duties: [], runbook: null } as const;

/** Speaks at every event, of a group of its own. */
const speaking = (): CorrelationRunner => ({
  observe: (event) => [{ rule: RULE, time: event.time, event: { id: event.id, entity: event.principal, criticality: 2, flags: event.flags }, eventIds: [event.id], explain: () => [], group: event.id }],
  pass: () => [], dump: () => null, load: () => {},
});

/** Matches as they lie in the topic; each of these is a message. */
async function topic(...records: readonly MatchRecord[]): Promise<SourceMessage[]> {
  const messages: SinkMessage[] = [];
  for (const record of records) await sendMatches({ send: (_topic, of) => { messages.push(...of); return Promise.resolve(); } }, 1, [record]);
  return messages.map(({ value }, offset) => ({ offset, time: 0, key: null, value: Buffer.from(value!), headers: {} }));
}

const passed = (id: string, offset: number, hour: number, again = false): MatchRecord => {
  const seq = seqOf(0, offset);
  const record: ForwardedRecord = { partition: 0, seq, rules: ['x'], event: buildEvent({ id, seq, time: START + hour * HOUR }) };
  return { record, again };
};

function correlating(clock: FakeClock) {
  const told: Array<[id: string, past: boolean, historical: boolean]> = [];
  const work = new CorrelateWork({
    engine: createCorrelationEngine({ partitions: 1, rulesOf: speaking }), clock, metrics: new PathMetrics(new Registry(), () => 0), onUnreadable: (_message, reason) => { throw new Error(reason); }, onEnd: () => {},
    control: { ended: false, stopping: false, isIdle: true, kick() {}, untilDone: (_trouble, act) => act() },
    emit: (findings, past) => { told.push(...findings.map(({ explanation: { eventIds }, historical }): [string, boolean, boolean] => [eventIds[0]!, past, historical])); return Promise.resolve(); },
  });
  return { work, told };
}

describe('correlations after an upgrade', () => {
  const messages = () => topic(passed('a', 0, 0), passed('b', 1, 1), passed('c', 2, 9), { caughtUp: 0, read: [seqOf(0, 2)] }, passed('d', 3, 2), { caughtUp: 0, read: [seqOf(0, 9)] });

  it('tell what the state before had taken as history, and what is news as news', async () => {
    const clock = new FakeClock(START + 9.5 * HOUR);
    const { work, told } = correlating(clock);
    // The state before, which cannot be read, had taken four messages.
    expect(await work.restore(null, 4)).toBe(0);
    await work.work(await messages());
    // Under an hour old is no history, and what came after was never judged, however old it is.
    expect(told).toEqual([['a', true, true], ['b', true, true], ['c', false, false], ['d', false, false]]);
  });

  it('with a state that can be read go on from it, and all that comes is news', async () => {
    const clock = new FakeClock(START + 9.5 * HOUR);
    const before = correlating(clock);
    await before.work.restore(null, 0);
    const all = await messages();
    await before.work.work(all.slice(0, 4));
    expect(before.told.map(([id, past]) => [id, past])).toEqual([['a', false], ['b', false], ['c', false]]);
    const after = correlating(clock);
    const snapshot = before.work.snapshot();
    expect(await after.work.restore(Buffer.concat(snapshot.parts()), snapshot.seq)).toBe(4);
    await after.work.work(all.slice(4));
    expect(after.told).toEqual([['d', false, false]]);
  });

  it('that a partition judges again is history wherever it lies now, over a restart too', async () => {
    const clock = new FakeClock(START + 9.5 * HOUR);
    const first = correlating(clock);
    await first.work.restore(null, 0);
    const all = await topic(passed('a', 0, 0, true), passed('b', 1, 1, true), { caughtUp: 0, read: [seqOf(0, 1)] }, passed('c', 2, 3), { caughtUp: 0, read: [seqOf(0, 9)] });
    await first.work.work(all.slice(0, 2));
    const snapshot = first.work.snapshot();
    const second = correlating(clock);
    expect(await second.work.restore(Buffer.concat(snapshot.parts()), snapshot.seq)).toBe(2);
    await second.work.work(all.slice(2));
    expect([...first.told, ...second.told]).toEqual([['a', true, true], ['b', true, true], ['c', false, false]]);
  });
});
