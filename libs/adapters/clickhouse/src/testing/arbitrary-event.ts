import fc from 'fast-check';
import { ACTOR_TYPES } from '@wary/model/entity.js';
import { EVENT_KINDS, OUTCOMES, type Counts, type Event, type GenAi, type Lifecycle, type MlDecision } from '@wary/model/event.js';
import type { JsonObject } from '@wary/model/json.js';
import { SOURCE_NAMES } from '@wary/model/sources.js';

/** Strings that break encoders: NUL, controls, quotes, SQL, letters beyond the first plane, lone surrogates, lengths around the counts' widths. */
const hostile = fc.oneof(
  { weight: 6, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
  { weight: 3, arbitrary: fc.constantFrom('', '\0', '\\', "'", '"', '`', '\\N', 'NULL', "'); DROP TABLE events --", '{a:String}', '\u2028', '\ud83d\ude00', '\r\n\t\b\f\v', '__proto__', '-0', '1e400') },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(63, 64, 65, 126, 127, 128, 129, 16_383, 16_384, 16_385, 70_000), fc.constantFrom('a', 'é', '漢', '😀')).map(([length, unit]) => unit.repeat(Math.ceil(length / unit.length)).slice(0, length)) },
);
/** As it comes out of the store: what UTF-8 cannot say is U+FFFD. */
export const hostileText = hostile.map((value) => Buffer.from(value).toString('utf8'));
const text = hostileText;

const plain = (value: number): number => (value === 0 ? 0 : value);
const amount = fc.oneof(fc.constantFrom(0, 1, 0.1, 2 ** 53, 2 ** 53 - 1, 1e308, 5e-324, -1), fc.nat(), fc.double({ noNaN: true, noDefaultInfinity: true })).map(plain);
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arbitrary, { nil: null });
const list = fc.array(text, { maxLength: 3 });
const json = fc.jsonValue({ maxDepth: 2 }).map((value) => JSON.parse(JSON.stringify(value)) as JsonObject[string]);
const object = fc.dictionary(text, json, { maxKeys: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as JsonObject);
const counts: fc.Arbitrary<Counts> = fc.dictionary(fc.constantFrom('email', 'card', 'aws_key', 'iban'), fc.nat(), { maxKeys: 3 }).map((value) => ({ ...value }));
const time = fc.oneof({ weight: 20, arbitrary: fc.integer({ min: Date.UTC(2026, 9, 20), max: Date.UTC(2026, 10, 20) }) }, { weight: 1, arbitrary: fc.constantFrom(0, Date.UTC(2024, 1, 29), Date.UTC(2038, 0, 19, 3, 14, 8), Date.UTC(2200, 0, 1)) });

const genAi: fc.Arbitrary<GenAi> = fc.record({
  provider: text, operation: text, requestModel: text, responseModel: text, inputTokens: amount, outputTokens: amount, conversationId: text, agentName: text, toolName: text,
  finishReasons: list, logprobs: fc.boolean(), inputMessages: json, outputMessages: json, toolArguments: json, toolResult: json, extra: object,
});
const ml: fc.Arbitrary<MlDecision> = fc.record({ model: text, version: text, label: text, confidence: maybe(amount), features: json, subject: text, groups: object, attribution: object, truth: json });
const lifecycle: fc.Arbitrary<Lifecycle> = fc.record({ artifact: text, digest: text, signer: text, parents: list, bom: json });

/** Any event that the stages before may give; id and seq are set by the test. */
export const arbitraryEvent: fc.Arbitrary<Event> = fc.record({
  id: fc.constant(''), tenant: fc.constant('default'), time, receivedAt: time, seq: fc.constant(0), source: fc.constantFrom(...SOURCE_NAMES), kind: fc.constantFrom(...EVENT_KINDS),
  action: text, outcome: fc.constantFrom(...OUTCOMES), reason: text, flags: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  actor: fc.record({ id: text, type: fc.constantFrom(...ACTOR_TYPES), roles: list, group: text, session: text, onBehalfOf: text, mfa: maybe(fc.boolean()) }),
  client: fc.record({ ip: text, country: text, asn: fc.integer({ min: 0, max: 2 ** 32 - 1 }), device: text, userAgent: text }),
  resource: fc.record({ id: text, type: text, labels: list, owner: text }),
  purpose: text, bytes: maybe(amount), rows: maybe(amount), latencyMs: maybe(amount), cost: maybe(amount),
  genAi: maybe(genAi), ml: maybe(ml), lifecycle: maybe(lifecycle), attributes: object,
  principal: fc.record({ type: fc.constantFrom(...ACTOR_TYPES), id: text }), peerGroup: text, criticality: fc.integer({ min: 1, max: 4 }),
  purposeVerdict: fc.constantFrom('none', 'allowed', 'denied', 'unregistered', 'missing'), knownEgress: fc.boolean(), hrStatus: text,
  tzOffsetMinutes: fc.integer({ min: -720, max: 840 }), holiday: fc.boolean(), registerVersion: fc.nat(),
  piiInput: counts, piiOutput: counts, secretsInput: counts, secretsOutput: counts, canaries: list, injection: amount, raw: text,
});
