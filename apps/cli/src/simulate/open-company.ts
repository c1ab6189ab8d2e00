import { entityKey, type Entity } from '@wary/model/entity.js';
import type { Registers } from '@wary/model/registers.js';
import type { SimulatedEvent } from '@wary/simulate/native-event.js';
import type { ScenarioLabel } from '@wary/simulate/scenarios/scenario.js';
import { CliError } from '../terminal/cli-error.js';

export const COMPANIES = ['organisation', 'catalogue', 'abuse'] as const;
export type CompanyName = (typeof COMPANIES)[number];

export interface CompanyOptions { readonly seed: number; readonly start: number; readonly days: number; readonly liveDays: number; readonly people: number; readonly eventsPerPersonDay: number; readonly contentShare: number; /** Scenarios by kind or id; empty: all. */ readonly only: readonly string[] }

/** A label without its kind's own type: the companies have different kinds. */
export interface Label extends Omit<ScenarioLabel, 'kind' | 'category'> { readonly kind: string; readonly category: string; /** All of whom an alert should be about, where these are several. */ readonly entities?: readonly Entity[] }

export interface Company {
  readonly start: number;
  readonly end: number;
  readonly registers: Registers;
  events(): Iterable<SimulatedEvent>;
  /** By start; after the events. */
  labels(): Label[];
}

/** What each company needs at the least, and has unless told. */
export const COMPANY_DEFAULTS: Readonly<Record<CompanyName, { readonly days: number; readonly liveDays: number; readonly liveDaysMin: number; readonly people: number; readonly peopleMin: number; readonly eventsPerPersonDay: number }>> = {
  organisation: { days: 14, liveDays: 3, liveDaysMin: 1, people: 120, peopleMin: 12, eventsPerPersonDay: 28 },
  catalogue: { days: 15, liveDays: 3, liveDaysMin: 3, people: 60, peopleMin: 60, eventsPerPersonDay: 14 },
  abuse: { days: 28, liveDays: 43, liveDaysMin: 42, people: 150, peopleMin: 60, eventsPerPersonDay: 15 },
};
const ABUSE_CUSTOMERS = 90;

/** One of the simulated companies with the scenarios that are wanted. Throws `CliError` for a name that it does not play. */
export async function openCompany(name: CompanyName, options: CompanyOptions): Promise<Company> {
  const { only, contentShare, ...rest } = options;
  if (name === 'organisation') {
    const { createOrganisation } = await import('@wary/simulate/organisation.js');
    const organisation = createOrganisation({ ...rest, contentShare });
    const chosen = only.length === 0 ? organisation.scenarios : choose(organisation.scenarios.map((one) => ({ one, names: [one.kind, one.id] })), only);
    return { start: organisation.start, end: organisation.end, registers: organisation.registers, events: () => organisation.events(undefined, undefined, chosen), labels: () => organisation.labels(chosen, organisation.end) };
  }
  if (name === 'catalogue') {
    const { createCatalogueCompany } = await import('@wary/simulate/catalogue/catalogue-company.js');
    const company = createCatalogueCompany(rest);
    const chosen = choose(company.cases.map((one) => ({ one, names: [one.name, one.capability] })), only);
    return labelling(company, () => company.events(chosen), chosen.map((one) => ({ ...one, id: one.name, kind: `${one.capability} ${one.name}` })));
  }
  const { createAbuseCompany } = await import('@wary/simulate/abuse/abuse-company.js');
  const company = createAbuseCompany({ ...rest, customers: ABUSE_CUSTOMERS });
  const chosen = choose(company.cases.map((one) => ({ one, names: [one.id, one.kind] })), only);
  return labelling({ start: rest.start, ...company }, () => company.events(chosen), chosen);
}

function choose<T>(all: readonly { readonly one: T; readonly names: readonly string[] }[], only: readonly string[]): T[] {
  const unknown = only.find((name) => !all.some(({ names }) => names.includes(name)));
  if (unknown !== undefined) throw new CliError(`this company does not play "${unknown}"; it plays ${[...new Set(all.map(({ names }) => names[0]!))].sort().join(', ')}`);
  return all.filter(({ names }) => only.length === 0 || names.some((name) => only.includes(name))).map(({ one }) => one);
}

interface LabelledCase { readonly id: string; readonly kind: string; readonly category: string; readonly entities: readonly Entity[]; readonly description: string }

/** Takes down what belongs to each case while the events pass. */
function labelling({ start, end, registers }: Pick<Company, 'start' | 'end' | 'registers'>, events: () => Iterable<SimulatedEvent>, cases: readonly LabelledCase[]): Company {
  const seen = new Map<string, { first: number; last: number; ids: string[] }>();
  return {
    start, end, registers,
    *events() {
      seen.clear();
      for (const simulated of events()) {
        if (simulated.label !== undefined) {
          const entry = seen.get(simulated.label) ?? { first: simulated.at, last: simulated.at, ids: [] };
          entry.last = simulated.at;
          entry.ids.push(simulated.event.id);
          seen.set(simulated.label, entry);
        }
        yield simulated;
      }
    },
    labels: () => cases.flatMap(({ id, kind, category, entities, description }): Label[] => {
      const entry = seen.get(id);
      if (entry === undefined || entities[0] === undefined) return [];
      const { first, last, ids } = entry;
      const several = new Set(entities.map(entityKey)).size > 1;
      return [{ id, kind, category, entity: entities[0], ...(several ? { entities } : {}), description, start: new Date(first).toISOString(), end: new Date(last).toISOString(), events: ids.length, eventIds: ids }];
    }).sort((a, b) => a.start.localeCompare(b.start)),
  };
}
