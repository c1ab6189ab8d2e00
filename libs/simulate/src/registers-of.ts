import { REGISTER_SCHEMAS, type RegisterName, type RegisterRow, type Registers } from '@wary/model/registers.js';
import { Dice } from './dice.js';
import { DATASETS, MODELS, REPOSITORIES } from './world/catalogue.js';
import { DEPARTMENTS } from './world/departments.js';
import { CLOUD_NETWORK, OFFICE_NETWORKS, VPN_NETWORKS } from './world/networks.js';
import type { World } from './world/world.js';
import { isoDay } from './world/zone.js';

/** The registers as the organisation would keep them: people with their keys and HR status, machines, data, models, networks, holidays. */
export function registersOf(world: World): Registers {
  return {
    version: 1,
    people: rows('people', peopleRows(world)),
    assets: rows('assets', assetRows()),
    purposes: rows('purposes', DATASETS.filter((set) => set.allowed.length > 0).map((set) => ({ id: `purpose/${set.id}`, resource: set.id, allowed: [...set.allowed], denied: [...set.denied], legalBasis: 'GDPR 6(1)(b)', required: set.id === 'ds/payroll' }))),
    holidays: rows('holidays', world.calendar.holidays.map(({ day, country, name }) => ({ id: `${country}-${isoDay(day)}`, date: isoDay(day), country, name }))),
    egress: rows('egress', [
      ...Object.entries(OFFICE_NETWORKS).map(([country, network]) => ({ id: `office-${country.toLowerCase()}`, kind: 'office' as const, network, country })),
      ...VPN_NETWORKS.map(({ network, country }) => ({ id: `vpn-${country.toLowerCase()}`, kind: 'vpn' as const, network, country })),
      { id: 'cloud', kind: 'cloud' as const, network: CLOUD_NETWORK },
    ]),
    models: rows('models', MODELS.map((model) => ({ id: model.id, provider: model.provider, owner: model.owner, riskClass: model.riskClass, approved: true }))),
    canaries: rows('canaries', canaryRows(world.seed)),
  };
}

function rows<N extends RegisterName>(name: N, given: readonly object[]): RegisterRow<N>[] {
  return given.map((row) => REGISTER_SCHEMAS[name].parse(row) as RegisterRow<N>);
}

function peopleRows(world: World): object[] {
  const leads = new Map<string, string>();
  for (const person of world.people) if (person.title === 'lead' && !leads.has(person.department.id)) leads.set(person.department.id, person.id);
  const keysOf = new Map<string, string[]>();
  for (const key of world.keys) if (key.owner !== null) keysOf.set(key.owner.id, [...(keysOf.get(key.owner.id) ?? []), key.id]);
  return [
    ...world.people.map((person) => ({
      id: person.id, type: 'user', name: person.name, email: person.email, group: person.department.id, manager: leads.get(person.department.id) === person.id ? '' : leads.get(person.department.id) ?? '',
      country: person.office.country, timeZone: person.office.zone.name, roles: [person.department.id, ...(person.title === 'lead' ? ['lead'] : [])], aliases: [`e${String(10_000 + person.index)}`], keys: keysOf.get(person.id) ?? [],
      ...(person.noticeDay !== Number.POSITIVE_INFINITY ? { status: 'notice', effective: isoDay(person.noticeDay) } : person.joinDay !== Number.NEGATIVE_INFINITY ? { status: 'joined', effective: isoDay(person.joinDay) } : {}),
    })),
    ...world.services.map((service) => ({ id: service.id, type: 'service', name: service.id.slice(4), group: service.group, manager: leads.get(service.owner) ?? '', note: `owned by ${service.owner}` })),
    { id: 'svc/hr-feed', type: 'service', name: 'hr-feed', group: 'services', note: 'owned by hr' },
    ...world.keys.filter((key) => key.owner === null).map((key) => ({ id: key.id, type: 'key', name: key.id.slice(4), group: 'integration-keys', manager: leads.get(key.contact) ?? '', note: `contact: ${key.contact}` })),
    ...world.agents.map((agent) => ({ id: agent.id, type: 'agent', name: agent.id.slice(6), group: 'agents', note: `tools: ${agent.tools.join(', ')}` })),
  ];
}

function assetRows(): object[] {
  return [
    ...DATASETS.map((set) => ({ id: set.id, type: 'dataset', criticality: set.criticality, owner: set.owner, labels: [...set.labels] })),
    ...DEPARTMENTS.map(({ id }) => ({ id: `doc/${id}/*`, type: 'document', criticality: id === 'finance' || id === 'hr' ? 'high' : 'medium', owner: id })),
    { id: 'secret/prod/*', type: 'secret', criticality: 'critical', owner: 'it-operations', labels: ['secret'] },
    { id: 'secret/*', type: 'secret', criticality: 'high', owner: 'it-operations', labels: ['secret'] },
    ...REPOSITORIES.map((id) => ({ id, type: 'repository', criticality: id === 'repo/infrastructure' || id === 'repo/fraud-models' ? 'high' : 'medium', owner: 'engineering' })),
  ];
}

function canaryRows(seed: number): object[] {
  const dice = new Dice(`${seed}/canaries`);
  const token = dice.text('ABCDEFGHJKLMNPQRSTUVWXYZ23456789', 12);
  return [
    { id: 'canary-customer', kind: 'text', value: `Kasimir Vandermolen KM-${token}`, note: 'a customer who does not exist, in ds/customers' },
    { id: 'canary-board-paper', kind: 'resource', value: 'doc/finance/board-draft-strategy', note: 'nobody has a reason to open it' },
    { id: 'canary-tool', kind: 'tool', value: 'export_all_customers', note: 'offered to agents, does nothing' },
    { id: 'canary-account', kind: 'principal', value: 'svc/legacy-admin', note: 'an account that no one uses' },
  ];
}
