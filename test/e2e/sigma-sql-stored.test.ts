import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openClickHouse, type ClickHouseHandle } from '@wary/adapter-clickhouse/open-clickhouse.js';
import { arbitraryEvent, hostileText } from '@wary/adapter-clickhouse/testing/arbitrary-event.js';
import { storeOptions } from '@wary/adapter-clickhouse/testing/store-options.js';
import { EVENT_FLAG, type Event } from '@wary/model/event.js';
import type { JsonObject } from '@wary/model/json.js';
import { evaluateExpr } from '@wary/rules/evaluate/evaluate-expr.js';
import type { EventRecord } from '@wary/rules/events/field-values.js';
import type { Expr } from '@wary/rules/language/expr.js';
import type { SigmaRule } from '@wary/rules/language/rule-model.js';
import { compileRules } from '@wary/rules/live/compiled-rules.js';
import { LiveRules } from '@wary/rules/live/live-rules.js';
import { findStoredEvents } from '@wary/platform/rules/find-stored-events.js';
import { loadRules } from '@wary/rules/load-rules.js';
import { createRouter } from '@wary/rules/pipeline/event-router.js';
import { readPipeline } from '@wary/rules/pipeline/read-pipeline.js';
import { READY_PIPELINES } from '@wary/rules/pipeline/ready-pipelines.js';
import { conditionFor, RuleEngine } from '@wary/rules/rule-engine.js';
import { searchStored, type SearchProgress, type StoredMatch, type StoredSearch } from '@wary/rules/sql/search-stored.js';
import { grammar, HOSTILE_ALPHABET } from '@wary/rules/testing/generate.js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
const FROM = Date.UTC(2026, 9, 20);
const TO = Date.UTC(2026, 10, 20);
const EVENTS = 300;

/** Every place of an event, and some that are not there. */
const FIELDS = ['id', 'tenant', 'time', 'receivedAt', 'seq', 'source', 'kind', 'action', 'outcome', 'reason', 'flags', 'actor', 'actor.id', 'actor.type', 'actor.roles', 'actor.group', 'actor.session', 'actor.onBehalfOf', 'actor.on_behalf_of', 'actor.mfa', 'client.ip', 'client.country', 'client.asn', 'client.device', 'client.userAgent', 'source.ip', 'resource.id', 'resource.labels', 'resource.owner', 'purpose', 'bytes', 'rows', 'latencyMs', 'latency_ms', 'cost', 'genAi', 'genAi.provider', 'gen_ai.request.model', 'genAi.inputTokens', 'genAi.finishReasons', 'gen_ai.request.logprobs', 'genAi.inputMessages', 'gen_ai.input.text', 'genAi.toolArguments', 'gen_ai.tool.call.result', 'genAi.extra', 'genAi.extra.a', 'ml', 'ml.model', 'ml.label', 'ml.confidence', 'ml.features', 'ml.groups.a', 'ml.truth', 'lifecycle', 'lifecycle.digest', 'lifecycle.parents', 'lifecycle.bom', 'attributes', 'attributes.a', 'attributes.a.b', 'attributes.b.c', 'principal.id', 'peerGroup', 'criticality', 'purposeVerdict', 'knownEgress', 'hrStatus', 'tzOffsetMinutes', 'holiday', 'registerVersion', 'piiInput', 'piiInput.email', 'secretsOutput.aws_key', 'canaries', 'injection', 'raw', 'nothing', 'actor.nothing', 'attributes.', ''];
const { exprs, events: attributes } = grammar({ ...HOSTILE_ALPHABET, fields: FIELDS });
const { events: nested } = grammar({ ...HOSTILE_ALPHABET, fields: ['a', 'b', 'c', 'a.b', 'b.c', 'content', 'text', 'command'] });
const textOf = fc.oneof(hostileText, nested.map((map) => Buffer.from(Object.values(map).find((each): each is string => typeof each === 'string') ?? '').toString('utf8')));
const asStored = (value: unknown): JsonObject => JSON.parse(JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? Number(each) : each))) as JsonObject;
const event: fc.Arbitrary<Event> = fc.tuple(arbitraryEvent, fc.array(textOf, { minLength: 6, maxLength: 6 }), nested, attributes, fc.boolean()).map(([base, [action, reason, actor, resource, ip, label], parts, whole, isPlain]): Event => (isPlain ? base : {
  ...base, action: action!, reason: reason!, actor: { ...base.actor, id: actor!, roles: [label!] }, resource: { ...base.resource, id: resource! }, client: { ...base.client, ip: ip! }, attributes: { ...asStored(parts), ...asStored(whole) },
  ...(base.genAi === null ? {} : { genAi: { ...base.genAi, inputMessages: [asStored(parts)], toolResult: asStored(parts), extra: asStored(parts) } }), raw: '',
}));

const folder = mkdtempSync(join(tmpdir(), 'wary-sigma-stored-'));
const stored: Event[] = fc.sample(event, { numRuns: EVENTS, seed: 20_261_201 }).map((each, index) => ({ ...each, id: `event-${index}`, seq: index + 1, time: FROM + ((index * 7_919) % EVENTS) * 6_000_000 }));
let store: ClickHouseHandle;
beforeAll(async () => {
  store = await openClickHouse(storeOptions({ dataDir: folder }));
  await store.events.insertEvents(stored, 'all');
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const record = (each: Event): EventRecord => each as unknown as EventRecord;
const load: StoredSearch['load'] = async (ids, { from, to }) => {
  const found: Event[] = [];
  for (let start = 0; start < ids.length; start += 200) found.push(...(await store.events.find({ tenant: 'default', ids: ids.slice(start, start + 200), from, to, limit: 200 })).items);
  return found as unknown as (EventRecord & { readonly id: string })[];
};
const ruleOf = (condition: Expr, index: number): SigmaRule => ({ kind: 'rule', id: `rule-${index}`, condition, logsource: { product: null, category: null, service: null }, selections: new Map() }) as unknown as SigmaRule;
async function search(rules: readonly SigmaRule[], more: Partial<StoredSearch> = {}): Promise<StoredMatch[]> {
  const all: StoredMatch[] = [];
  for await (const slice of searchStored(store.search, { rules, tenant: 'default', from: FROM, to: TO, load, ...more })) all.push(...slice);
  return all;
}
const byTime = [...stored].sort((left, right) => left.time - right.time || left.seq - right.seq);

describe('Sigma rules over the events table', () => {
  it('match what the plain evaluator matches on the events as the path has them, in the order of time', async () => {
    const router = createRouter([{ ...readPipeline(READY_PIPELINES['wary']!, 'wary'), accepts: [] }]);
    for (let round = 0; round < 2; round += 1) {
      const rules = fc.sample(exprs, { numRuns: 25, seed: 31 + round }).map(ruleOf);
      const found = await search(rules);
      const expected = byTime.flatMap((each) => {
        const { destination } = router.route(record(each));
        const held = rules.filter((rule) => evaluateExpr(conditionFor(rule, destination)!, record(each)));
        return held.length === 0 ? [] : [{ id: each.id, time: each.time, seq: each.seq, rules: held.map(({ id }) => id) }];
      });
      expect(found.map((match) => ({ ...match, rules: match.rules.map(({ id }) => id) }))).toEqual(expected);
    }
  });

  it('read every field of an event where it lies', async () => {
    const paths = FIELDS.filter((field) => field !== 'nothing' && field !== '');
    const rules = paths.flatMap((field, index) => [ruleOf({ op: 'test', field, test: { kind: 'exists' } }, index * 3), ruleOf({ op: 'test', field, test: { kind: 'null' } }, index * 3 + 1), ruleOf({ op: 'test', field, test: { kind: 'text', pattern: [0, '1', 0], cased: true } }, index * 3 + 2)]);
    const router = createRouter([{ ...readPipeline(READY_PIPELINES['wary']!, 'wary'), accepts: [] }]);
    const found = new Map((await search(rules)).map((match) => [match.id, match.rules.map(({ id }) => id)]));
    for (const each of byTime) expect([each.id, found.get(each.id) ?? []]).toEqual([each.id, rules.filter((rule) => evaluateExpr(conditionFor(rule, router.route(record(each)).destination)!, record(each))).map(({ id }) => id)]);
  });

  it('tells its progress, and ends when it is cancelled', async () => {
    const rules = [ruleOf({ op: 'test', field: 'action', test: { kind: 'exists' } }, 0)];
    const progress: SearchProgress[] = [];
    expect(await search(rules, { onProgress: (each) => progress.push(each) })).toHaveLength(EVENTS);
    expect(progress.at(-1)).toMatchObject({ events: EVENTS, eventsTotal: EVENTS, matches: EVENTS });
    const stop = new AbortController();
    stop.abort(new Error('enough'));
    await expect(search(rules, { signal: stop.signal })).rejects.toThrow('enough');
  });

  it('keeps to the tenant and the time it is asked for', async () => {
    const rules = [ruleOf({ op: 'test', field: 'action', test: { kind: 'exists' } }, 0)];
    expect(await search(rules, { tenant: "other' OR 1 = 1 --" })).toEqual([]);
    const from = FROM + 100 * 6_000_000;
    const to = FROM + 200 * 6_000_000;
    expect((await search(rules, { from, to })).map(({ id }) => id)).toEqual(byTime.filter(({ time }) => time >= from && time < to).map(({ id }) => id));
  });

  it('gives correlations what they need: over what is found they fire as over everything', async () => {
    const set = loadRules([{ path: 'c.yml', text: `title: base
name: base
logsource: { product: wary }
detection:
  s: { action|re: '[aeiou]' }
  condition: s
---
title: many
id: many
correlation: { type: event_count, rules: [base], group-by: [outcome], timespan: 5d, condition: { gte: 4 } }
---
title: few
id: few
correlation: { type: event_count, rules: [base], group-by: [outcome], timespan: 1d, condition: { lt: 3 } }
---
title: distinct
id: distinct
correlation: { type: value_count, rules: [base], group-by: [outcome], timespan: 3d, condition: { field: actor.id, gte: 3 } }
` }]);
    const fired = (events: readonly Event[]): string[] => {
      const live = new LiveRules(compileRules(set, () => ({ version: 1, level: null })));
      return events.flatMap((each) => live.observe({ ...each, flags: each.flags & ~EVENT_FLAG.historical }).map(({ rule, time, group, eventIds }) => `${rule.id} ${time} ${group} ${eventIds.join()}`));
    };
    const found: Event[] = [];
    let searched = 0;
    for await (const slice of findStoredEvents(store, set.rules, { tenant: 'default', from: FROM, to: TO, signal: new AbortController().signal, onProgress: (each) => { searched = each; } })) found.push(...slice);
    const all = fired(byTime);
    expect(new Set(all.map((line) => line.split(' ')[0]))).toEqual(new Set(['many', 'few', 'distinct']));
    // The end of a window is told with the next event that is looked at, so the order may differ.
    expect(fired(found).sort()).toEqual(all.sort());
    expect([searched, found.length < EVENTS]).toEqual([EVENTS, true]);
  });

  it('lets rules of other products see the record of the source', async () => {
    const { rules } = loadRules([{ path: 'aws.yml', text: 'title: Root\nid: root\nlogsource: { product: aws, service: cloudtrail }\ndetection:\n  selection:\n    userIdentity.type: Root\n  filter:\n    eventName|contains: Describe\n  condition: selection and not filter\n' }]);
    const trail = (index: number, raw: unknown): Event => ({ ...stored[0]!, id: `trail-${index}`, seq: 10_000 + index, time: TO + index * 1_000, source: 'cloudtrail', raw: typeof raw === 'string' ? raw : JSON.stringify(raw) });
    const of = (type: string, eventName: string): unknown => ({ eventVersion: '1.08', eventSource: 'iam.amazonaws.com', eventName, userIdentity: { type } });
    await store.events.insertEvents([trail(0, of('Root', 'CreateUser')), trail(1, of('IAMUser', 'CreateUser')), trail(2, of('Root', 'DescribeX')), trail(3, of('ROOT', 'x\ud800')), trail(4, '{"userIdentity":{"type":"Root"'), trail(5, 'userIdentity Root')], 'trail');
    const pipelines = [{ ...readPipeline(READY_PIPELINES['cloudtrail']!, 'cloudtrail'), accepts: [] }];
    const engine = new RuleEngine(rules, createRouter(pipelines));
    const asked: unknown[] = [];
    const match = (each: EventRecord): readonly SigmaRule[] => {
      asked.push(each['id']);
      try {
        return engine.match(JSON.parse(each['raw'] as string) as EventRecord);
      } catch {
        return [];
      }
    };
    const found = await search(rules, { from: TO, to: TO + 60_000, foreign: { sources: [{ source: 'cloudtrail', pipelines, isJson: true }], match } });
    expect(found.map(({ id, rules: held }) => [id, held.map((rule) => rule.id)])).toEqual([['trail-0', ['root']], ['trail-3', ['root']]]);
    expect(asked.sort()).toEqual(['trail-0', 'trail-3', 'trail-4']);
  });
});
