import fc from 'fast-check';
import { emptyEvent, emptyGenAi, type Event } from '@wary/model/event.js';
import { describe, expect, it } from 'vitest';
import { evaluateExpr } from '../evaluate/evaluate-expr.js';
import { lookUp, type EventRecord } from '../events/field-values.js';
import { loadRules } from '../load-rules.js';
import { Plan } from '../match/read-plan.js';
import { createRouter } from '../pipeline/event-router.js';
import { readPipeline } from '../pipeline/read-pipeline.js';
import { READY_PIPELINES } from '../pipeline/ready-pipelines.js';
import { conditionFor } from '../rule-engine.js';
import { EVENT_SHAPE } from './event-shape.js';
import { LiveMatcher } from './live-matcher.js';

/** Conditions of every kind over fields that events have, may have, and never have. */
const CONDITIONS = [
  'action: [read, copy]', 'action|contains: op', 'rows|gte: 10', 'rows|lt: 5', 'cost|gt: 0.5', 'resource.labels: secret', "canaries|re: '.'", "canaries|re: 'x*'", 'genAi.toolName|endswith: mail', 'gen_ai.tool.name|startswith: send',
  'gen_ai.tool.call.arguments|contains: rm', 'gen_ai.input.text|contains: ignore', 'attributes.a.b: 1', 'attributes.a|exists: true', 'attributes.a.b|exists: false', 'actor.mfa: null', 'actor.nowhere: null', 'actor.nowhere: x', 'resource.owner: null', "resource.owner: ''", 'purpose: "*"', 'purpose|exists: true',
  "client.ip|cidr: 10.0.0.0/8", 'actor.id|fieldref: resource.owner', 'piiOutput.email|gte: 3', 'attributes.constructor: x', 'genAi.extra.request.temperature|gte: 1', 'genAi.finishReasons: stop', 'source.country: DE', 'nothing|gt: 1',
];
const RULES = loadRules([{
  path: 'r.yml', text: [
    ...CONDITIONS.map((condition, index) => `title: r${index}\nname: r${index}\nlogsource: { product: wary }\ndetection:\n  s:\n    ${condition}\n  condition: s\n`),
    ...CONDITIONS.map((condition, index) => `title: n${index}\nname: n${index}\nlogsource: { product: wary, category: ${index % 2 === 0 ? 'access' : 'inference'} }\ndetection:\n  s:\n    ${condition}\n  t:\n    ${CONDITIONS[(index * 7 + 3) % CONDITIONS.length]!}\n  condition: ${index % 3 === 0 ? 's and not t' : index % 3 === 1 ? 's or t' : 'not s and not t'}\n`),
    'title: keyword\nname: keyword\nlogsource: { product: wary }\ndetection:\n  k: [ignore, mail]\n  condition: k\n',
  ].join('---\n'),
}]);

const word = fc.constantFrom('', 'read', 'copy', 'x', 'secret', 'eva', 'send_mail', 'rm -rf', 'ignore all', 'Ignore ALL', '10.1.2.3', 'DE', 'stop', 'ſecret');
const open = fc.oneof(word, fc.integer({ min: 0, max: 20 }), fc.constant(null), fc.array(word, { maxLength: 2 }), fc.array(fc.record({ content: word, parts: fc.array(fc.record({ content: word }), { maxLength: 2 }) }), { maxLength: 2 }), fc.record({ command: word, b: fc.constantFrom(1, '1', 2) }, { requiredKeys: [] }));
const genAi = fc.record({ toolName: word, finishReasons: fc.array(word, { maxLength: 2 }), inputMessages: open, toolArguments: open, extra: fc.constantFrom<Event['attributes']>({}, { 'request.temperature': 1.5 }, { request: { temperature: 2 } }, { request: [{ temperature: 0.5 }] }) }).map((change) => ({ ...emptyGenAi(), ...change }));
const events = fc.record({
  kind: fc.constantFrom('access' as const, 'inference' as const, 'identity' as const), action: word, purpose: word, rows: fc.constantFrom(null, 0, 7, 12), cost: fc.constantFrom(null, 0.1, 0.9), canaries: fc.array(word, { maxLength: 2 }),
  labels: fc.array(word, { maxLength: 2 }), owner: word, id: word, ip: word, country: word, mfa: fc.constantFrom(null, true, false), genAi: fc.option(genAi), email: fc.constantFrom(0, 2, 5),
  attributes: fc.constantFrom<Event['attributes']>({}, { a: { b: 1 } }, { 'a.b': '1' }, { a: [{ b: 2 }, { b: 1 }] }, { a: null }, { 'a.b': 3, a: { b: 1 } }, { constructor: 'x' }),
}).map(({ kind, action, purpose, rows, cost, canaries, labels, owner, id, ip, country, mfa, genAi: model, email, attributes }): Event => {
  const empty = emptyEvent('native');
  return { ...empty, kind, action, purpose, rows, cost, canaries, attributes, genAi: model, piiOutput: email === 0 ? {} : { email }, actor: { ...empty.actor, id, mfa }, client: { ...empty.client, ip, country }, resource: { id: 'r', type: '', labels, owner } };
});

describe('the live matcher', () => {
  it('says of every rule and event what the plain evaluator says, before and after it has learned', () => {
    expect(RULES.problems.filter(({ severity }) => severity === 'error')).toEqual([]);
    const router = createRouter([{ ...readPipeline(READY_PIPELINES['wary']!, 'wary'), accepts: [] }]);
    const matcher = new LiveMatcher(RULES.rules);
    let matches = 0;
    fc.assert(fc.property(events, (event) => {
      const record = event as unknown as EventRecord;
      const { destination } = router.route(record);
      const expected = RULES.rules.filter((rule) => {
        const condition = conditionFor(rule, destination);
        return condition !== null && evaluateExpr(condition, record);
      });
      matches += expected.length;
      expect(matcher.match(event).map(({ name }) => name)).toEqual(expected.map(({ name }) => name));
    }), { numRuns: 3_000, seed: 4 });
    expect(matches).toBeGreaterThan(20_000);
  });

  it('reads fields as they are looked up, whatever way they are written', () => {
    const names = ['a', 'a.b', 'a.b.c', 'b.c', 'c', 'a.c', 'toString', 'a.constructor'];
    const leaf = fc.constantFrom(1, 'x', null, [], [{ b: 1 }, { c: { d: 2 } }]);
    const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({ node: fc.oneof({ maxDepth: 3 }, leaf, fc.dictionary(fc.constantFrom('a', 'b', 'c', 'a.b', 'b.c', 'a.b.c'), tie('node'), { maxKeys: 3 }), fc.array(tie('node'), { maxLength: 2 })) })).node;
    fc.assert(fc.property(fc.dictionary(fc.constantFrom('a', 'b', 'c', 'a.b', 'b.c', 'a.b.c'), value, { maxKeys: 4 }), (record) => {
      const found = new Map<string, unknown>();
      new Plan(names.map((name) => ({ name, isRead: () => found.has(name), read: (each) => { found.set(name, each); } }))).run(record);
      for (const name of names) expect(found.get(name), name).toEqual(lookUp(record, name));
    }), { numRuns: 2_000, seed: 6 });
  });

  it('passes over what events of our own never have', () => {
    const lives = (name: string): boolean => !new Plan([{ name, isRead: () => false, read: () => undefined }]).within(EVENT_SHAPE).isEmpty;
    expect(['actor.id', 'genAi.toolArguments.command', 'attributes.any.thing', 'genAi.extra.request.temperature', 'piiOutput.email', 'ml.features.age'].filter((name) => !lives(name))).toEqual([]);
    expect(['gen_ai.tool.name', 'source.ip', 'actor.nowhere', 'action.more', 'resource.id.x'].filter(lives)).toEqual([]);
  });
});
