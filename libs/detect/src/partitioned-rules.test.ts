import { EVENT_FLAG, type Event } from '@wary/model/event.js';
import { compileRules, type CompiledRules } from '@wary/rules/live/compiled-rules.js';
import { LIVE_LIMITS, LiveRules } from '@wary/rules/live/live-rules.js';
import { createRunner, createSecondRunner } from '@wary/rules/live/runner.js';
import { loadRules } from '@wary/rules/load-rules.js';
import { buildEvent, inTimeOrder } from '@wary/testkit/event-builder.js';
import { contradictions, finalFindings, runPartitioned, runWhole } from '@wary/testkit/partitioned-run.js';
import { SeededRandom } from '@wary/testkit/seeded-random.js';
import { describe, expect, it } from 'vitest';
import { createCorrelationEngine, type ForwardedRecord } from './correlation-engine.js';

const START = Date.UTC(2026, 10, 23, 8);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const rule = (name: string, id: number, detection: string, level: string): string => `title: ${name}\nname: ${name}\nid: 00000000-0000-4000-8000-00000000000${id}\nlevel: ${level}\nlogsource: { product: wary, category: access }\ndetection:\n  selection:\n    ${detection}\n  condition: selection\n`;
const correlation = (name: string, id: number, text: string): string => `title: ${name}\nname: ${name}\nid: 00000000-0000-4000-8000-0000000000${id}\nlevel: high\ncorrelation:\n${text.split('\n').map((line) => `  ${line}`).join('\n')}\n`;
/** Rules that speak for themselves, rules that only feed, and correlations of every kind over addresses, sessions and resources that belong to nobody. */
const RULES = [
  rule('refused', 1, 'outcome: denied', 'low'),
  rule('exported', 2, 'action: export', 'informational'),
  rule('probed', 3, 'action: list', 'low'),
  correlation('spraying', 11, 'type: value_count\nrules: [refused]\ngroup-by: [client.ip]\ntimespan: 20m\ncondition: { field: actor.id, gte: 4 }'),
  correlation('many-refusals', 12, 'type: event_count\nrules: [refused]\ngroup-by: [client.ip]\ntimespan: 15m\ncondition: { gte: 3 }'),
  correlation('probe-then-export', 13, 'type: temporal_ordered\nrules: [probed, refused, exported]\ngroup-by: [resource.id]\ntimespan: 40m'),
  correlation('both', 14, 'type: temporal\nrules: [refused, exported]\ngroup-by: [resource.id]\ntimespan: 10m\ngenerate: true'),
  correlation('hardly-any', 15, 'type: event_count\nrules: [probed]\ngroup-by: [client.ip]\ntimespan: 30m\ncondition: { gte: 2, lte: 3 }'),
  correlation('bytes', 16, 'type: value_sum\nrules: [exported]\ngroup-by: [client.ip]\ntimespan: 1h\ncondition: { field: bytes, gte: 4000 }'),
  'title: worded\nname: worded\nid: 00000000-0000-4000-8000-000000000004\nlevel: low\nlogsource: { product: wary }\ndetection:\n  words:\n    - files/3\n  exported:\n    action|re: ^exp\n    attributes.batch.size|gte: 2\n  condition: all of them\n',
  correlation('worded-exports', 18, 'type: value_count\nrules: [worded, exported]\ngroup-by: [attributes.batch.name]\ntimespan: 2h\ncondition: { field: principal.id, gte: 5 }'),
  correlation('spraying-then-many', 17, 'type: temporal\nrules: [spraying, many-refusals]\ngroup-by: [client.ip]\ntimespan: 1h\ngenerate: true'),
].join('---\n');
const set = loadRules([{ path: 'r.yml', text: RULES }]);
const compiled: CompiledRules = compileRules(set);
const stageOf = (stage: 'whole' | 'first' | 'second'): LiveRules => new LiveRules(compiled, null, LIVE_LIMITS, stage);
const OPTIONS = { budgetPerDay: 5, seed: 1 } as const;
const wholeRules = { ...OPTIONS, rulesOf: () => createRunner(stageOf('whole')) };
const firstRules = { ...OPTIONS, rulesOf: () => createRunner(stageOf('first')) };
const correlationsOf = () => createSecondRunner(stageOf('second'));

/** Many principals behind few addresses, over two days; times differ, so that the order is one. */
function traffic(seed: number, count: number, tenants: readonly string[]): Event[] {
  const random = new SeededRandom(seed);
  let time = START;
  return inTimeOrder(Array.from({ length: count }, (_, i) => {
    time += 1 + random.below(2 * 30 * HOUR / count);
    const action = random.pick(['read', 'read', 'list', 'export', 'read']);
    return buildEvent({
      tenant: random.pick(tenants), id: `e${seed}-${i}`, time, action, outcome: random.next() < 0.2 ? 'denied' : 'success', actor: { id: `user-${random.below(60)}`, session: `s-${random.below(9)}` },
      client: { ip: `10.0.0.${random.below(7)}` }, resource: { id: `files/${random.below(25)}`, type: 'file' }, bytes: action === 'export' ? 300 + random.below(900) : null, attributes: { batch: { name: `batch-${random.below(5)}`, size: random.below(9) }, other: 'of no use' }, criticality: 1 + random.below(4),
    });
  }));
}

/** After a silence one more event of each tenant, so that the last windows are over. */
const ended = (events: readonly Event[]): Event[] => [...events, ...['default', 'acme'].map((tenant) => buildEvent({ tenant, id: `end-${tenant}`, time: events.at(-1)!.time + 3 * HOUR }))];
const stream = ended(traffic(5, 2_400, ['default', 'acme']));
const found = runWhole(stream, wholeRules);
const whole = finalFindings(found);
const rulesThatSpoke = new Set(found.map(({ detector }) => detector.id));

describe('correlations behind partitions', () => {
  it('find something worth comparing', () => {
    expect(set.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect([...rulesThatSpoke].filter((id) => id.startsWith('rule:')).sort()).toEqual(compiled.rules.filter(({ isSilent }) => !isSilent).map(({ id }) => `rule:${id}`).sort());
    expect(whole.size).toBeGreaterThan(100);
  });

  it.each([[1, 51], [2, 52], [4, 53], [7, 54]])('by %i partitions and one second stage are what one engine finds: ids, entities, texts and numbers (seed %i)', (partitions, seed) => {
    const { findings, forwarded } = runPartitioned({ events: stream, partitions, engine: firstRules, correlationsOf, seed });
    expect(finalFindings(findings)).toEqual(whole);
    // Only what a correlation reads is passed on.
    expect(forwarded).toBeLessThan(stream.length * 0.7);
  });

  it('also when engines of both stages die and replay', () => {
    const { findings, crashes } = runPartitioned({ events: stream, partitions: 3, engine: firstRules, correlationsOf, seed: 61, crashPercent: 2 });
    expect(crashes).toBeGreaterThan(20);
    expect(contradictions(findings)).toEqual([]);
    expect(finalFindings(findings)).toEqual(whole);
  });

  it('of history and of the present are kept apart, as in one engine', () => {
    const later = traffic(6, 900, ['default']).map((event) => ({ ...event, id: `h-${event.id}`, time: event.time - 5 * 24 * HOUR, flags: EVENT_FLAG.historical }));
    const both = ended([...later, ...stream.slice(0, 900)]);
    const one = finalFindings(runWhole(both, wholeRules));
    expect([...one.values()].filter((finding) => (finding as { historical: boolean }).historical).length).toBeGreaterThan(10);
    expect(finalFindings(runPartitioned({ events: both, partitions: 4, engine: firstRules, correlationsOf, seed: 71 }).findings)).toEqual(one);
  });
});

describe('the second stage', () => {
  const refusal = (partition: number, seq: number, minutes: number, user: string): ForwardedRecord => ({ partition, seq, rules: ['00000000-0000-4000-8000-000000000001'], event: buildEvent({ id: `r-${partition}-${seq}`, seq, time: START + minutes * MINUTE, outcome: 'denied', actor: { id: user }, client: { ip: '10.0.0.1' } }) });
  const title = '00000000-0000-4000-8000-000000000011';
  const create = (heldRecordsMax = 100) => createCorrelationEngine({ partitions: 2, rulesOf: correlationsOf, heldRecordsMax });
  const said = (findings: readonly { readonly detector: { readonly id: string }; readonly entity: { readonly id: string } }[]): string[] => findings.filter(({ detector }) => detector.id === `rule:${title}`).map(({ entity }) => entity.id);

  it('holds back what a partition passes on until the others have come as far, and takes it in the order of time', () => {
    const engine = create();
    for (const [seq, user] of ['a', 'b'].entries()) expect(engine.take(refusal(0, seq + 1, 5 + seq, user))).toEqual([]);
    expect(engine.take(refusal(0, 3, 9, 'd'))).toEqual([]);
    expect(engine.stats.held).toBe(3);
    // The fourth by time is the one that decides, though the third came last.
    expect(said(engine.take(refusal(1, 1, 7, 'c')))).toEqual([]);
    expect(said(engine.frontier({ tenant: 'default', partition: 1, seq: 2, time: START + 30 * MINUTE, historyTime: null, reachedTime: 0 }))).toEqual([]);
    expect(engine.stats.held).toBe(1);
    expect(said(engine.frontier({ tenant: 'default', partition: 0, seq: 4, time: START + 10 * MINUTE, historyTime: null, reachedTime: 0 }))).toEqual(['d']);
    expect(engine.stats).toEqual({ held: 0, hurried: 0, skipped: 0, overflow: 0 });
  });

  it('waits for nobody who has nothing to read, until that one says something again', () => {
    const engine = create();
    engine.caughtUp(1, [4, 0]);
    const users = ['a', 'b', 'c', 'd'];
    expect(users.flatMap((user, at) => said(engine.take(refusal(0, at + 1, at, user))))).toEqual([]);
    expect(said(engine.caughtUp(0, [4, 1]))).toEqual(['d']);
    engine.take(refusal(1, 1, 30, 'e'));
    expect(engine.stats.held).toBe(1);
  });

  it('skips what it has seen, and is bounded: beyond, the earliest is taken at once', () => {
    const engine = create(2);
    const records = ['a', 'b', 'c', 'd', 'e', 'f'].map((user, at) => refusal(0, at + 1, at, user));
    const first = records.flatMap((record) => said(engine.take(record)));
    expect(first).toEqual(['d']);
    expect(records.flatMap((record) => engine.take(record))).toEqual([]);
    expect(engine.stats).toEqual({ held: 2, hurried: 4, skipped: 6, overflow: 0 });
  });

  it('goes on from a snapshot, whatever the events say of themselves', () => {
    const engine = create();
    const odd = (record: ForwardedRecord): ForwardedRecord => ({ ...record, event: { ...record.event, attributes: { $number: '7', $map: [[1, 2]], $array: 'Float64Array' } } });
    for (const [at, user] of ['a', 'b', 'c'].entries()) engine.take(odd(refusal(0, at + 1, at, user)));
    const other = create();
    expect(other.restore(engine.dump())).toBe(true);
    expect(Buffer.from(other.dump()).equals(Buffer.from(engine.dump()))).toBe(true);
    for (const each of [engine, other]) {
      each.take(refusal(1, 1, 3, 'd'));
      expect(said([...each.caughtUp(0, [3, 1]), ...each.caughtUp(1, [3, 1])])).toEqual(['d']);
    }
    expect(createCorrelationEngine({ partitions: 3, rulesOf: correlationsOf }).restore(engine.dump())).toBe(false);
  });
});
