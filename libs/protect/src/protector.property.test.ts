import { EVENT_FLAG, emptyEvent, emptyGenAi, type Event, hasFlag } from '@wary/model/event.js';
import type { Json } from '@wary/model/json.js';
import { emptyRegisters } from '@wary/model/registers.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createProtector, type ProtectPolicy } from './protector.js';

/** Any UTF-16 at all, lone surrogates included. */
const anyUnits = (maxLength: number) => fc.array(fc.nat({ max: 0xffff }), { maxLength }).map((units) => String.fromCharCode(...units));

const stageOf = (policy: Partial<ProtectPolicy>) => createProtector({ registers: emptyRegisters(), policy: { pii: 'mask', secrets: 'mask', pseudonymise: false, ...policy }, pseudonymKey: new Uint8Array(32).fill(3) });

const name = fc.stringMatching(/^[a-z]{5,9}$/);
const email = fc.tuple(name, name).map(([local, host]) => `${local}.q@${host}.example.org`);
const card = fc.constantFrom('4111111111111111', '5555 5555 5555 4444', '3782-822463-10005', '6011111111111117');
const secret = fc.stringMatching(/^[a-zA-Z0-9]{36}$/).filter((text) => new Set(text).size > 12 && !/x{5}/i.test(text)).map((text) => `ghp_${text}`);
const planted = fc.oneof(email, card, secret, fc.constantFrom('536-90-4399', 'DE89370400440532013000', '+49 30 901820', '(415) 555-2671'));
const plain = fc.constantFrom('', 'see', 'the answer for', 'x', '{"a":', '\n', 'ümlaut — and', '[email:abcd]', 'https://h.example/p?q=');
/** A text with a value in it, between blanks, quotes or brackets. */
const withValue = fc.tuple(plain, fc.constantFrom(' ', ' "', ' (', '\n', ' <'), planted, plain).map(([before, gap, value, after]) => ({ text: `${before}${gap}${value}${gap === ' "' ? '"' : gap === ' (' ? ')' : gap === ' <' ? '>' : ''} ${after}`, value }));

/** Sets one text of an event. */
const PLACES: readonly ((event: Event, text: string) => void)[] = [
  (event, text) => (event.action = text), (event, text) => (event.reason = text), (event, text) => (event.purpose = text), (event, text) => (event.id = text), (event, text) => (event.raw = text),
  (event, text) => (event.raw = JSON.stringify({ record: { text } })), (event, text) => (event.actor.roles = ['a', text]), (event, text) => (event.actor.group = text), (event, text) => (event.peerGroup = text), (event, text) => (event.actor.session = text),
  (event, text) => (event.client.userAgent = text), (event, text) => (event.client.device = text), (event, text) => (event.client.ip = text), (event, text) => (event.resource.id = text), (event, text) => (event.resource.type = text),
  (event, text) => (event.resource.labels = [text]), (event, text) => (event.resource.owner = text), (event, text) => (event.attributes = { a: { b: [1, { c: text }] } }), (event, text) => (event.attributes = { [text]: 1, other: { [text]: {} } }),
  (event, text) => (event.attributes = { json: JSON.stringify({ deep: JSON.stringify([text]) }) }),
  (event, text) => (genAi(event).inputMessages = [{ role: 'user', parts: [{ type: 'text', content: text }] }]), (event, text) => (genAi(event).inputMessages = text), (event, text) => (genAi(event).inputMessages = [{ role: 'system', content: text }]),
  (event, text) => (genAi(event).outputMessages = [{ role: 'assistant', content: [{ text }] }]), (event, text) => (genAi(event).toolArguments = { q: text }), (event, text) => (genAi(event).toolArguments = JSON.stringify({ q: text })),
  (event, text) => (genAi(event).toolResult = [[text]]), (event, text) => (genAi(event).extra = { 'system_instructions': [{ type: 'text', content: text }] }), (event, text) => (genAi(event).conversationId = text), (event, text) => (genAi(event).agentName = text),
  (event, text) => (genAi(event).toolName = text), (event, text) => (genAi(event).requestModel = text), (event, text) => (genAi(event).responseModel = text), (event, text) => (genAi(event).provider = text), (event, text) => (genAi(event).operation = text), (event, text) => (genAi(event).finishReasons = [text]),
  (event, text) => (ml(event).features = { f: text }), (event, text) => (ml(event).features = [0.1, text]), (event, text) => (ml(event).subject = text), (event, text) => (ml(event).groups = { g: text }), (event, text) => (ml(event).truth = text), (event, text) => (ml(event).label = text),
  (event, text) => (ml(event).model = text), (event, text) => (ml(event).version = text), (event, text) => (ml(event).attribution = { [text]: 1 }),
  (event, text) => (lifecycle(event).artifact = text), (event, text) => (lifecycle(event).digest = text), (event, text) => (lifecycle(event).signer = text), (event, text) => (lifecycle(event).parents = [text]), (event, text) => (lifecycle(event).bom = { components: [{ author: text }] }),
];
const genAi = (event: Event) => (event.genAi ??= emptyGenAi());
const ml = (event: Event) => (event.ml ??= { model: 'm', version: '1', label: '', confidence: null, features: null, subject: '', groups: {}, attribution: {}, truth: null });
const lifecycle = (event: Event) => (event.lifecycle ??= { artifact: '', digest: '', signer: '', parents: [], bom: null });

const base = (): Event => Object.assign(emptyEvent('native'), { id: 'e1', action: 'read', principal: { type: 'user', id: 'someone' } });
const copyOf = (event: Event): Event => structuredClone(event);
/** The value as it may stand in JSON text within JSON text. */
const isIn = (value: string, event: Event): boolean => JSON.stringify(event).replaceAll('\\', '').includes(value);

const filled = fc.array(fc.tuple(fc.nat({ max: PLACES.length - 1 }), withValue), { minLength: 1, maxLength: 8 });

test('nothing that was planted is left, wherever it stood, and a second time changes nothing', () => {
  const stage = stageOf({});
  fc.assert(fc.property(filled, (fills) => {
    const event = base();
    for (const [place, { text }] of fills) PLACES[place]!(event, text);
    stage.protectEvent(event);
    for (const [, { value }] of fills) expect(isIn(value, event), value).toBe(false);
    expect(hasFlag(event, EVENT_FLAG.masked)).toBe(true);
    const once = copyOf(event);
    expect(stage.protectEvent(event)).toEqual(once);
    // Read back from the store and sent in again, the counts do not rise either.
    const replayed = Object.assign(copyOf(once), { piiInput: {}, piiOutput: {}, secretsInput: {}, secretsOutput: {}, flags: 0 });
    const { piiInput, piiOutput, secretsInput, secretsOutput, ...again } = stage.protectEvent(replayed);
    expect([piiInput, piiOutput, secretsInput, secretsOutput]).toEqual([{}, {}, {}, {}]);
    expect(again.attributes).toEqual(once.attributes);
  }), { numRuns: 300 });
});

test.each(PLACES.map((fill, place) => [place, fill] as const))('place %i is reached', (_place, fill) => {
  const event = base();
  fill(event, 'for anna.q@host.example.org now');
  expect(isIn('anna.q@host', event)).toBe(true);
  expect(isIn('anna.q@host', stageOf({}).protectEvent(event))).toBe(false);
});

test('any text at all: settled after one pass, never longer work than the text deserves', () => {
  const stage = stageOf({});
  const piece = fc.oneof(anyUnits(12), planted, fc.constantFrom('password=', 'phone ', 'token: ', 'ssn ', '@', '.com', '[', ']', ':', 'AKIA', '-', '1', '0', '%40', '"', '{', '}', '\\', '\u200b', '＠', 'Bearer ', 'QUtJ', '://u:', 'pwd: x'));
  fc.assert(fc.property(fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join('')), (text) => {
    const once = stage.protectText(text);
    expect(stage.protectText(once)).toBe(once);
  }), { numRuns: 500 });
});

test('a kept kind stays as it was, the other kind still goes', () => {
  fc.assert(fc.property(email, secret, (mail, key) => {
    const text = `mail ${mail} key ${key} end`;
    expect(stageOf({ pii: 'keep' }).protectText(text)).toMatch(new RegExp(`^mail ${mail.replaceAll('.', '\\.')} key \\[secret:github_token:[a-z2-7]{4}\\] end$`));
    expect(stageOf({ secrets: 'keep' }).protectText(text)).toMatch(new RegExp(`^mail \\[email:[a-z2-7]{4}\\] key ${key} end$`));
    expect(stageOf({ pii: 'keep', secrets: 'keep' }).protectText(text)).toBe(text);
  }), { numRuns: 50 });
});

test('a pseudonymised person is named nowhere, and a second time changes nothing', () => {
  const stage = stageOf({ pseudonymise: true });
  const id = fc.oneof(fc.stringMatching(/^[a-z]{6,10}\d{2}$/), email, fc.stringMatching(/^[A-Z][a-z]{5,9} [A-Z][a-z]{5,9}$/));
  /** Closed vocabularies, groups and models name no person. */
  const closed = new Set(['action', 'purpose', 'group', 'peerGroup', 'type', 'labels', 'roles', 'toolName', 'requestModel', 'responseModel', 'provider', 'operation', 'finishReasons', 'label', 'model', 'version', 'digest', 'signer', 'owner', 'ip', 'session']);
  const open = PLACES.filter((fill) => ![...closed].some((field) => new RegExp(`\\.${field} = `).test(fill.toString())));
  fc.assert(fc.property(id, id, id, fc.array(fc.tuple(fc.nat({ max: open.length - 1 }), plain), { maxLength: 5 }), (actor, other, session, fills) => {
    const event = base();
    Object.assign(event.actor, { id: actor, onBehalfOf: other, session });
    event.principal.id = actor;
    event.peerGroup = 'sales';
    for (const [place, text] of fills) open[place]!(event, `${text} ${actor} (${other.toUpperCase()}) ${session}`);
    stage.protectEvent(event);
    const text = JSON.stringify(event).toLowerCase();
    for (const clear of [actor, other, session]) expect(text).not.toContain(clear.toLowerCase());
    expect(event.peerGroup).toBe('sales');
    const once = copyOf(event);
    expect(stage.protectEvent(event)).toEqual(once);
  }), { numRuns: 300 });
});

test('numbers, odd values and empty ones pass', () => {
  const stage = stageOf({ pii: 'keep', secrets: 'keep' });
  const json = fc.jsonValue({ maxDepth: 4 }) as fc.Arbitrary<Json>;
  fc.assert(fc.property(json, (value) => {
    const event = base();
    genAi(event).toolArguments = value;
    event.attributes = { value };
    const before = JSON.stringify(value);
    stage.protectEvent(event);
    expect(JSON.stringify(event.attributes['value'])).toBe(before);
    expect(JSON.stringify(genAi(event).toolArguments)).toBe(before);
  }), { numRuns: 300 });
});
