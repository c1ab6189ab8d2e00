import type { Event } from '@wary/model/event.js';
import { ACTOR_TYPES, type ActorType } from '@wary/model/entity.js';
import type { RegisterRow } from '@wary/model/registers.js';
import { ZoneOffset } from './zone-offset.js';

/** A row of the people register, compiled for the hot path. */
export interface Person {
  readonly principal: { readonly type: ActorType; readonly id: string };
  readonly group: string;
  readonly country: string;
  readonly zone: ZoneOffset | null;
  readonly status: RegisterRow<'people'>['status'];
  /** Start of the effective day, epoch ms UTC; -Infinity when there is none. */
  readonly effectiveMs: number;
}

/**
 * Who answers for an event.
 *
 * 1. A service, an agent or a device acts for whom it names (`on_behalf_of`), else its registered owner answers.
 * 2. A key's registered owner answers before whom the key names: otherwise the holder of a personal key could put the blame on somebody else.
 * 3. A user is accountable as such, also when acting for another (an administrator who impersonates answers for it).
 * Aliases and mail addresses lead to the one id of the person; an owner's id is followed through aliases, never through further owners.
 */
export class PeopleIndex {
  private readonly selves: { readonly [T in ActorType]: Map<string, Person> } = { user: new Map(), service: new Map(), key: new Map(), agent: new Map(), device: new Map() };
  private readonly owners = new Map<string, Person>();

  constructor(rows: readonly RegisterRow<'people'>[], problems: string[]) {
    const zones = new Map<string, ZoneOffset | null>();
    const people = rows.map((row) => ({ row, person: compile(row, zoneOf(row.timeZone, zones, problems)) }));
    // An id is stronger than an alias, an alias than a mail address; the first row wins within each.
    for (const { row, person } of people) setNew(this.selves[row.type], row.id, person);
    for (const { row, person } of people) for (const alias of row.aliases) setNew(this.selves[row.type], alias, person);
    for (const { row, person } of people) if (row.email !== '') setNew(this.selves[row.type], row.email.toLowerCase(), person);
    for (const { row, person } of people) for (const key of row.keys) setNew(this.owners, key, person);
  }

  /** Sets `event.principal`; gives the person's row when the principal is registered. */
  resolve(event: Event): Person | undefined {
    const { id, type, onBehalfOf } = event.actor;
    if (type === 'user') return this.settle(event, this.self(type, id) ?? this.owners.get(id), type, id);
    const owner = this.owners.get(id);
    if (onBehalfOf !== '' && (type !== 'key' || owner === undefined)) {
      return this.settle(event, this.self('user', onBehalfOf) ?? this.owners.get(onBehalfOf) ?? this.anySelf(onBehalfOf), 'user', onBehalfOf);
    }
    return this.settle(event, owner ?? this.self(type, id), type, id);
  }

  /** Sets `event.principal` to whom a mark is about, by alias or mail address too. */
  settleSubject(event: Event, type: ActorType, id: string): Person | undefined {
    return this.settle(event, this.self(type, id) ?? (type === 'key' ? this.owners.get(id) : undefined), type, id);
  }

  private settle(event: Event, person: Person | undefined, type: ActorType, id: string): Person | undefined {
    const { principal } = event;
    principal.type = person === undefined ? type : person.principal.type;
    principal.id = person === undefined ? id : person.principal.id;
    return person;
  }

  private self(type: ActorType, id: string): Person | undefined {
    const map = this.selves[type];
    return map.get(id) ?? (id.includes('@') ? map.get(id.toLowerCase()) : undefined);
  }

  private anySelf(id: string): Person | undefined {
    for (const type of ACTOR_TYPES) {
      const person = this.selves[type].get(id);
      if (person !== undefined) return person;
    }
    return undefined;
  }
}

function setNew<T>(map: Map<string, T>, key: string, value: T): void {
  if (!map.has(key)) map.set(key, value);
}

function compile(row: RegisterRow<'people'>, zone: ZoneOffset | null): Person {
  return {
    principal: { type: row.type, id: row.id }, group: row.group, country: row.country.toUpperCase(), zone, status: row.status,
    effectiveMs: row.effective === '' ? Number.NEGATIVE_INFINITY : Date.parse(`${row.effective}T00:00:00Z`),
  };
}

function zoneOf(name: string, zones: Map<string, ZoneOffset | null>, problems: string[]): ZoneOffset | null {
  if (name === '') return null;
  let zone = zones.get(name);
  if (zone === undefined) {
    try {
      zone = new ZoneOffset(name);
    } catch {
      problems.push(`people: unknown time zone ${JSON.stringify(name)}; UTC is used`);
      zone = null;
    }
    zones.set(name, zone);
  }
  return zone;
}
