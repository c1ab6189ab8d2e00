import { documentBytes, documentResource, newestDocument } from '../../activity/documents.js';
import { closing, serviceScribe } from '../../activity/service-day.js';
import { mergeStreams } from '../../merge-streams.js';
import type { SimulatedEvent } from '../../native-event.js';
import { datasetOf, datasetResource } from '../../world/catalogue.js';
import { officeOf, type Place } from '../../world/networks.js';
import type { Person } from '../../world/person.js';
import type { World } from '../../world/world.js';
import { DAY_MS, HOUR_MS } from '../../world/zone.js';
import { Dice } from '../../dice.js';
import { TWINS, type TwinKind } from '../abuse-kind.js';
import type { TwinCase } from '../abuse-case.js';
import type { Customer, Outage } from '../customer.js';
import { countOf, overDays, personScribe, timesAtWork, timesFrom, workdaysOf, type Stage } from '../stage.js';

function* nothing(): Generator<SimulatedEvent> {}
const twin = (kind: TwinKind, firstDay: number, lastDay: number, rest: Pick<TwinCase, 'entities'> & Partial<TwinCase>): TwinCase => ({ id: kind, kind, category: 'twin', firstDay, lastDay, description: TWINS[kind], events: nothing, ...rest });
const usersOf = (people: readonly Person[]): TwinCase['entities'] => people.map(({ id }) => ({ type: 'user' as const, id }));

/** Exits of one provider of commercial VPNs. */
const EXITS: readonly Omit<Place, 'ip'>[] = [{ asn: 64520, country: 'NL' }, { asn: 64520, country: 'CH' }, { asn: 64520, country: 'SE' }, { asn: 64520, country: 'US' }];

/** Half of them did so before the history begins. On most days at home there is another exit. */
export function vpnUsers(world: World, people: readonly Person[], firstDay: number, lastDay: number): TwinCase {
  const exit = (person: Person, day: number): Place => { const dice = new Dice(`${world.seed}/vpn/${person.id}/${day}`); return { ip: `203.0.113.${2 + dice.whole(0, 240)}`, ...dice.pick(EXITS) }; };
  return twin('vpn_users', firstDay, lastDay, { entities: usersOf(people), change: { people, on: (day, person) => (day >= firstDay || people.indexOf(person) % 2 === 0 ? { homePlace: exit(person, day) } : undefined) } });
}

/** From a day on an office leaves by a network that no register knows yet. */
export function officeProvider(people: readonly Person[], firstDay: number, lastDay: number): TwinCase {
  const place = { ...officeOf(people[0]!.office.country), ip: '198.19.120.9', asn: 64521 };
  return twin('office_provider', firstDay, firstDay + 7 < lastDay ? firstDay + 7 : lastDay, { entities: usersOf(people), change: { people, on: (day) => (day >= firstDay ? { officePlace: place } : undefined) } });
}

export const cloudMove = (customers: readonly Customer[], firstDay: number): TwinCase =>
  twin('cloud_move', firstDay, firstDay + 7, { entities: customers.map(({ id }) => ({ type: 'key' as const, id })) });

/** Three days of three quarters more until ten at night, and the closing service with six times its rows. */
export function quarterEnd(world: World, firstDay: number): TwinCase {
  const people = world.people.filter((person) => person.department.id === 'finance');
  const service = world.services.find(({ rhythm }) => rhythm === 'close')!;
  return twin('quarter_end', firstDay, firstDay + 2, {
    entities: [...usersOf(people), { type: 'service', id: service.id }],
    events: () => closing(serviceScribe(service, new Dice(`${world.seed}/abuse/quarter`), 'quarter_end'), service, firstDay + 2, (firstDay + 2) * DAY_MS + 19.6 * HOUR_MS, 6),
    change: { people, on: (day) => (day >= firstDay && day <= firstDay + 2 ? { volume: 1.75, until: 22 } : undefined) },
  });
}

export const outage = (customers: readonly Customer[], firstDay: number, { from, to }: Outage): TwinCase =>
  twin('outage', firstDay, firstDay, { entities: customers.map(({ id }) => ({ type: 'key' as const, id })), description: `${TWINS.outage} (${new Date(from).toISOString()}, ${Math.round((to - from) / 60_000)} minutes)` });

/** 150 to 400 deletions in two hours of a working day, each by somebody who does so for the first time. */
export function cleanUp(world: World, people: readonly Person[], firstDay: number): TwinCase {
  const stageOf = (person: Person, nth: number): Stage => ({ world, id: `clean_up-${person.id}`, firstDay: firstDay + 3 * nth, intensity: 'moderate' });
  return twin('clean_up', firstDay, firstDay + 3 * people.length + 4, {
    entities: usersOf(people),
    events: () => mergeStreams(people.map((person, nth) => { const stage = stageOf(person, nth); return overDays(stage, workdaysOf(stage, person, 1), function* (day, dice) {
      const scribe = personScribe(person, dice, 'clean_up');
      let number = newestDocument(day) - 480;
      for (const time of timesFrom(person.office.zone.at(day, person.startHour + dice.between(1.5, 4)), 2 * HOUR_MS, dice, dice.whole(150, 400))) yield scribe.access(time, 'delete', documentResource(person.department.id, number += 1), { attributes: { ticket: 'CHG-4711' } });
    }); })),
  });
}

/** Reads into the other department's share and data for three days, 60 to 100 documents a day. */
export function handOver(world: World, pairs: readonly (readonly [Person, Person])[], firstDay: number): TwinCase {
  return twin('hand_over', firstDay, firstDay + 6, {
    entities: usersOf(pairs.map(([heir]) => heir)),
    events: () => mergeStreams(pairs.map(([heir, colleague]) => { const stage: Stage = { world, id: `hand_over-${heir.id}`, firstDay, intensity: 'moderate' }; return overDays(stage, workdaysOf(stage, heir, 3), function* (day, dice) {
      const scribe = personScribe(heir, dice, 'hand_over');
      const { id, datasets, purpose } = colleague.department;
      for (const time of timesAtWork(heir, day, dice, countOf(dice, 80))) {
        const number = newestDocument(day) - 1 - dice.zipf(450, 1.1);
        if (dice.chance(0.1)) { const set = dice.pick(datasets); const rows = Math.round(dice.logNormal(200, 1)); yield scribe.access(time, 'read', datasetResource(set), { purpose, rows, bytes: rows * datasetOf(set).bytesPerRow }); }
        else yield scribe.access(time, dice.chance(0.15) ? 'download' : 'read', documentResource(id, number), { bytes: documentBytes(id, number) });
      }
    }); })),
  });
}
