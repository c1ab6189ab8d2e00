import type { ActorType } from '@wary/model/entity.js';
import { EVENT_FLAG, type Event } from '@wary/model/event.js';
import type { RegisterRow, Registers } from '@wary/model/registers.js';
import type { CountryOf } from './geo.js';
import { HolidayIndex } from './holiday-index.js';
import { labelledCriticality } from './label-criticality.js';
import { markSubject } from './mark-subject.js';
import { NetworkIndex } from './network-index.js';
import { PeopleIndex, type Person } from './people-index.js';
import { assetOf, ResourceIndex } from './resource-facts.js';
import { ZoneOffset } from './zone-offset.js';

export interface EnrichSettings {
  /** IANA zone of principals that the people register does not place; '' is UTC. */
  readonly timeZone: string;
  /** How long `joined` and `moved` last after their effective day. */
  readonly newInRoleDaysMax: number;
}
export const DEFAULT_ENRICH_SETTINGS: EnrichSettings = { timeZone: '', newInRoleDaysMax: 90 };

export interface Enricher {
  /** Fills the enrich fields of the event in place and gives it back. */
  enrichEvent(event: Event): Event;
  /** Version of the registers that answer. */
  readonly version: number;
  /** Rows that could not be compiled (an unknown zone, a network that is none), for the log; the rest works. */
  readonly problems: readonly string[];
}

const DAY_MS = 86_400_000;
const ADDRESSES_MAX = 65_536;
const TYPE_GROUP: { readonly [T in ActorType]: string } = { user: 'type:user', service: 'type:service', key: 'type:key', agent: 'type:agent', device: 'type:device' };

interface AddressFacts { readonly country: string; readonly known: boolean }

/** Compiles the registers once; a new version of them is a new enricher. */
export function createEnricher({ registers, countryOf, settings = DEFAULT_ENRICH_SETTINGS }: { registers: Registers; countryOf: CountryOf; settings?: EnrichSettings }): Enricher {
  const problems: string[] = [];
  const people = new PeopleIndex(registers.people, problems);
  const resources = new ResourceIndex(registers);
  const egress = new NetworkIndex<RegisterRow<'egress'>>();
  for (const row of registers.egress) if (!egress.add(row.network, row)) problems.push(`egress ${row.id}: ${JSON.stringify(row.network)} is neither a network nor a host name`);
  const holidays = new HolidayIndex(registers.holidays);
  const defaultZone = settings.timeZone === '' ? null : new ZoneOffset(settings.timeZone);
  const newInRoleMs = settings.newInRoleDaysMax * DAY_MS;
  const addresses = new Map<string, AddressFacts>();

  function addressFacts(ip: string): AddressFacts {
    let facts = addresses.get(ip);
    if (facts === undefined) {
      if (addresses.size >= ADDRESSES_MAX) addresses.clear();
      const row = egress.find(ip);
      facts = { country: row !== undefined && row.country !== '' ? row.country.toUpperCase() : countryOf(ip), known: row !== undefined };
      addresses.set(ip, facts);
    }
    return facts;
  }

  function enrichEvent(event: Event): Event {
    let person = people.resolve(event);
    event.flags &= ~(EVENT_FLAG.mark | EVENT_FLAG.declaredGroup);
    const subject = markSubject(event);
    if (subject !== null) {
      const { type, id } = event.principal;
      person = people.settleSubject(event, subject.type, subject.id);
      // Nobody begins the own baselines anew; that an operator does so, the API says.
      if (event.action !== 'rebaseline' && (event.principal.type !== type || event.principal.id !== id)) event.flags |= EVENT_FLAG.mark;
    }
    if (person !== undefined && person.group !== '') {
      event.peerGroup = person.group;
      event.flags |= EVENT_FLAG.declaredGroup;
    } else event.peerGroup = subject === null && event.actor.group !== '' ? event.actor.group : TYPE_GROUP[event.principal.type];

    const { client, resource } = event;
    event.knownEgress = false;
    if (client.ip !== '') {
      const address = addressFacts(client.ip);
      event.knownEgress = address.known;
      if (client.country === '') client.country = address.country;
    }

    event.criticality = labelledCriticality(resource.labels);
    event.purposeVerdict = 'none';
    if (resource.id !== '') {
      const facts = resources.find(resource.id);
      const asset = assetOf(facts, resource.type);
      if (asset !== undefined) {
        event.criticality = asset.criticality;
        // The register is curated, the source only repeats what it was told.
        if (asset.owner !== '') resource.owner = asset.owner;
        if (asset.labels.length > 0) resource.labels = resource.labels.length === 0 ? asset.labels : union(resource.labels, asset.labels);
      }
      if (facts.purposes !== null) event.purposeVerdict = facts.purposes.judge(event.purpose, event.time);
    }

    const zone = person?.zone ?? defaultZone;
    event.tzOffsetMinutes = zone === null ? 0 : zone.at(event.time);
    const localDay = Math.floor((event.time + event.tzOffsetMinutes * 60_000) / DAY_MS);
    // A mark is nothing that its person does: whoever has left is not active by it.
    event.hrStatus = person === undefined || person.status === '' || subject !== null ? '' : statusAt(person, localDay * DAY_MS, newInRoleMs);
    event.holiday = holidays.isHoliday(localDay, person !== undefined && person.country !== '' ? person.country : client.country);
    event.registerVersion = registers.version;
    return event;
  }

  return { enrichEvent, version: registers.version, problems };
}

/**
 * A status holds from its effective day. Before it, who will have left is leaving, and nothing else is said;
 * `joined` and `moved` wear off, because a newcomer is one for some time only.
 */
function statusAt(person: Person, dayMs: number, newInRoleMs: number): string {
  if (dayMs < person.effectiveMs) return person.status === 'left' ? 'leaving' : '';
  if ((person.status === 'joined' || person.status === 'moved') && dayMs > person.effectiveMs + newInRoleMs && person.effectiveMs > Number.NEGATIVE_INFINITY) return '';
  return person.status;
}

function union(ours: readonly string[], theirs: readonly string[]): readonly string[] {
  let all: string[] | undefined;
  for (const label of theirs) {
    if (ours.includes(label)) continue;
    all ??= [...ours];
    all.push(label);
  }
  return all ?? ours;
}
