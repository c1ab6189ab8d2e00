import { emptyEvent, type Event } from '@wary/model/event.js';
import { AssetSchema, EgressSchema, emptyRegisters, HolidaySchema, ModelSchema, PersonSchema, PurposeSchema, type Registers } from '@wary/model/registers.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createEnricher, type EnrichSettings } from './enricher.js';
import { createCountryOf } from './geo.js';

const registers = (parts: Partial<Registers>): Registers => ({ ...emptyRegisters(), version: 7, ...parts });
const person = (row: object) => PersonSchema.parse({ id: 'alice', ...row });
function enriched(parts: Partial<Registers>, change: (event: Event) => void, settings?: EnrichSettings): Event {
  const event = emptyEvent('native');
  event.actor.id = 'alice';
  event.time = Date.parse('2026-11-22T10:00:00Z');
  change(event);
  return createEnricher({ registers: registers(parts), countryOf: (ip) => (ip === '203.0.112.1' ? 'JP' : ''), ...(settings === undefined ? {} : { settings }) }).enrichEvent(event);
}
const nothing = (): void => undefined;

describe('peer group', () => {
  test.each<[string, Partial<Registers>, (event: Event) => void, string]>([
    ['of the register', { people: [person({ group: 'sales' })] }, (event) => (event.actor.group = 'claimed'), 'sales'], ['that the source names', {}, (event) => (event.actor.group = 'claimed'), 'claimed'],
    ['that the source names, when the register does not', { people: [person({})] }, (event) => (event.actor.group = 'claimed'), 'claimed'], ['by type', {}, nothing, 'type:user'],
    ['by the type of who answers', { people: [PersonSchema.parse({ id: 'svc', type: 'service', keys: ['k'] })] }, (event) => Object.assign(event.actor, { id: 'k', type: 'key' }), 'type:service'],
    ['of the owner of a key', { people: [person({ group: 'sales', keys: ['k'] })] }, (event) => Object.assign(event.actor, { id: 'k', type: 'key' }), 'sales'],
  ])('%s', (_name, parts, change, group) => expect(enriched(parts, change).peerGroup).toBe(group));
});

describe('address', () => {
  const egress = [EgressSchema.parse({ id: 'v', kind: 'vpn', network: '203.0.112.0/24', country: 'de' }), EgressSchema.parse({ id: 'p', kind: 'proxy', network: '198.51.100.0/24' }), EgressSchema.parse({ id: 'six', kind: 'office', network: '2a00:1450::/32', country: 'IE' })];
  test.each([['203.0.112.1', 'DE', true], ['198.51.100.9', '', true], ['2a00:1450::9', 'IE', true], ['192.0.2.1', '', false], ['', '', false]])('%s', (ip, country, known) => {
    const event = enriched({ egress }, (each) => (each.client.ip = ip));
    expect([event.client.country, event.knownEgress]).toEqual([country, known]);
  });

  test('the table answers for the others, the source before both', () => {
    expect(enriched({}, (event) => (event.client.ip = '203.0.112.1')).client.country).toBe('JP');
    expect(enriched({ egress }, (event) => Object.assign(event.client, { ip: '203.0.112.1', country: 'FR' })).client.country).toBe('FR');
  });

  test('a row that is no network is named', () => {
    expect(createEnricher({ registers: registers({ egress: [EgressSchema.parse({ id: 'bad', kind: 'vpn', network: '10.0.0.0/99' })] }), countryOf: () => '' }).problems).toEqual([expect.stringContaining('egress bad')]);
  });

  test('the table of countries', () => {
    const countryOf = createCountryOf();
    expect([countryOf('8.8.8.8'), countryOf('::ffff:8.8.8.8'), countryOf('10.1.2.3'), countryOf('203.0.113.1'), countryOf('2a00:1450::1'), countryOf('x')]).toEqual(['US', 'US', '', '', '', '']);
  });
});

describe('resource', () => {
  const assets = [
    AssetSchema.parse({ id: 'ds/*', criticality: 'high', labels: ['data'] }), AssetSchema.parse({ id: 'ds/customers', type: 'dataset', criticality: 'critical', owner: 'dpo', labels: ['pii'] }), AssetSchema.parse({ id: 'ds/customers', type: 'table', criticality: 'low' }), AssetSchema.parse({ id: 'ds/open', criticality: 'low' }),
  ];
  const models = [ModelSchema.parse({ id: 'fraud', riskClass: 'prohibited', owner: 'ml' }), ModelSchema.parse({ id: 'chat', riskClass: 'minimal' })];
  test.each<[string, string, string, number]>([
    ['by type', 'ds/customers', 'dataset', 4], ['by another type', 'ds/customers', 'table', 1], ['a type that no row names', 'ds/customers', 'file', 2], ['a row without type', 'ds/open', 'file', 1], ['by prefix', 'ds/x', 'file', 3], ['not registered', 'x', 'file', 2],
    ['a model by its risk class', 'fraud', 'model', 4], ['a harmless model', 'chat', 'model', 1], ['a model only as such', 'fraud', 'file', 2], ['none', '', '', 2],
  ])('criticality: %s', (_name, id, type, criticality) => expect(enriched({ assets, models }, (event) => Object.assign(event.resource, { id, type })).criticality).toBe(criticality));

  test('owner of the register, labels of both', () => {
    const labels = Object.freeze(['gold']);
    const { resource } = enriched({ assets }, (event) => Object.assign(event.resource, { id: 'ds/customers', type: 'dataset', owner: 'who', labels }));
    expect(resource).toMatchObject({ owner: 'dpo', labels: ['gold', 'pii'] });
    expect(labels).toEqual(['gold']);
    expect(enriched({ assets }, (event) => Object.assign(event.resource, { id: 'ds/open', owner: 'who' })).resource.owner).toBe('who');
  });

  test('purpose', () => {
    const purposes = [PurposeSchema.parse({ id: 'p', resource: 'ds/*', allowed: ['support'], validUntil: '2026-11-21' }), PurposeSchema.parse({ id: 'q', resource: 'ds/free', denied: ['marketing'] })];
    const verdict = (id: string, purpose: string, time = '2026-11-20T10:00:00Z') => enriched({ purposes }, (event) => Object.assign(event, { purpose, time: Date.parse(time), resource: { ...event.resource, id } })).purposeVerdict;
    expect([verdict('ds/a', 'support'), verdict('ds/a', 'support', '2026-11-22T00:00:00Z'), verdict('ds/a', 'other'), verdict('ds/free', 'support'), verdict('ds/free', 'marketing'), verdict('x', 'support'), verdict('', 'support')]).toEqual(['allowed', 'denied', 'unregistered', 'allowed', 'denied', 'none', 'none']);
  });
});

describe('clock of the principal', () => {
  const people = [person({ timeZone: 'Europe/Berlin', country: 'de' })];
  test('offset with summer time, of the register, the setting, or UTC', () => {
    const offset = (parts: Partial<Registers>, time: string, settings?: EnrichSettings) => enriched(parts, (event) => (event.time = Date.parse(time)), settings).tzOffsetMinutes;
    expect(offset({ people }, '2026-07-01T10:00:00Z')).toBe(120);
    expect(offset({ people }, '2026-12-01T10:00:00Z')).toBe(60);
    expect(offset({}, '2026-07-01T10:00:00Z')).toBe(0);
    expect(offset({}, '2026-07-01T10:00:00Z', { timeZone: 'Asia/Tokyo', newInRoleDaysMax: 90 })).toBe(540);
  });

  test('a holiday is one on the local day, in the country of the person, else of the address', () => {
    const holidays = [HolidaySchema.parse({ id: 'h', date: '2026-10-03', country: 'DE' }), HolidaySchema.parse({ id: 'n', date: '2027-01-01' }), HolidaySchema.parse({ id: 'j', date: '2026-10-03', country: 'jp' })];
    const holiday = (parts: Partial<Registers>, time: string, country = '') => enriched({ holidays, ...parts }, (event) => Object.assign(event, { time: Date.parse(time), client: { ...event.client, country } })).holiday;
    expect(holiday({ people }, '2026-10-02T22:30:00Z')).toBe(true);
    expect(holiday({ people }, '2026-10-02T21:30:00Z')).toBe(false);
    expect(holiday({ people }, '2026-10-03T22:30:00Z')).toBe(false);
    expect(holiday({ people: [person({ country: 'fr' })] }, '2026-10-03T12:00:00Z', 'DE')).toBe(false);
    expect(holiday({}, '2026-10-03T12:00:00Z', 'JP')).toBe(true);
    expect(holiday({}, '2026-10-03T12:00:00Z')).toBe(false);
    expect(holiday({}, '2027-01-01T12:00:00Z')).toBe(true);
  });
});

describe('state in the people register', () => {
  test.each([
    ['left', '2026-11-23', 'leaving'], ['left', '2026-11-22', 'left'], ['left', '', 'left'], ['left', '2020-01-01', 'left'], ['notice', '2026-11-23', ''], ['notice', '2026-11-22', 'notice'], ['leaving', '2026-11-01', 'leaving'],
    ['joined', '2026-11-22', 'joined'], ['joined', '2026-08-24', 'joined'], ['joined', '2026-08-23', ''], ['joined', '', 'joined'], ['moved', '2026-11-23', ''], ['moved', '2026-09-01', 'moved'], ['', '2026-01-01', ''],
  ])('%s since %s is %s', (status, effective, expected) => expect(enriched({ people: [person({ status, effective })] }, nothing).hrStatus).toBe(expected));

  test('the day begins where the person lives', () => {
    const people = [person({ status: 'left', effective: '2026-11-23', timeZone: 'Pacific/Auckland' })];
    expect(enriched({ people }, (event) => (event.time = Date.parse('2026-11-22T10:59:59Z'))).hrStatus).toBe('leaving');
    expect(enriched({ people }, (event) => (event.time = Date.parse('2026-11-22T11:00:00Z'))).hrStatus).toBe('left');
  });

  test('of the owner, when a key acts', () => {
    expect(enriched({ people: [person({ status: 'notice', keys: ['k'] })] }, (event) => Object.assign(event.actor, { id: 'k', type: 'key' })).hrStatus).toBe('notice');
  });
});

test('enriching again changes nothing, and the version is in the row', () => {
  const parts = registers({ people: [person({ group: 'sales', country: 'DE', timeZone: 'Europe/Berlin', status: 'joined', effective: '2026-11-01', keys: ['k'] })], assets: [AssetSchema.parse({ id: 'a*', labels: ['x'], owner: 'o' })], egress: [EgressSchema.parse({ id: 'e', kind: 'vpn', network: '10.0.0.0/8', country: 'DE' })] });
  const enricher = createEnricher({ registers: parts, countryOf: () => '' });
  fc.assert(fc.property(fc.constantFrom('alice', 'k', 'bob'), fc.constantFrom('user' as const, 'key' as const), fc.constantFrom('a1', 'b', ''), fc.constantFrom('10.1.1.1', '', 'x'), fc.integer({ min: 0, max: 4e12 }), (id, type, resource, ip, time) => {
    const event = emptyEvent('native');
    Object.assign(event.actor, { id, type });
    Object.assign(event, { time });
    event.resource.id = resource;
    event.client.ip = ip;
    const once = structuredClone(enricher.enrichEvent(event));
    expect(enricher.enrichEvent(event)).toEqual(once);
    expect(once.registerVersion).toBe(7);
  }), { numRuns: 100 });
});
