import type { Entity } from '@wary/model/entity.js';
import type { Registers } from '@wary/model/registers.js';
import { agentDay } from '../activity/agent-day.js';
import { documentBytes, documentResource, newestDocument } from '../activity/documents.js';
import { keyDay } from '../activity/key-day.js';
import { personDay, worksOn } from '../activity/person-day.js';
import { Scribe, sourceOf } from '../activity/scribe.js';
import { serviceDay, serviceScribe } from '../activity/service-day.js';
import { timesFrom } from '../abuse/stage.js';
import { Dice } from '../dice.js';
import { mergeStreams } from '../merge-streams.js';
import type { SimulatedEvent } from '../native-event.js';
import { registersOf } from '../registers-of.js';
import { datasetResource } from '../world/catalogue.js';
import type { Service } from '../world/machines.js';
import { cloudOf } from '../world/networks.js';
import type { Person } from '../world/person.js';
import { createWorld, type World } from '../world/world.js';
import { DAY_MS, dayOf, HOUR_MS, isoDay } from '../world/zone.js';

export interface MarkedOptions {
  readonly seed: number;
  /** First day, epoch ms; cut to the UTC day. */
  readonly start: number;
  readonly days: number;
  /** At least eight. */
  readonly liveDays: number;
  readonly people: number;
  readonly eventsPerPersonDay: number;
  /** False: the same, and nobody says that anything was released or anybody moved. */
  readonly marked: boolean;
}
export interface MarkedCase {
  readonly id: 'release' | 'move' | 'release_theft' | 'move_theft';
  readonly category: 'twin' | 'attack';
  readonly entity: Entity;
  readonly description: string;
  /** From then on it is another; of an attack, when the theft begins. */
  readonly from: number;
}
export interface MarkedCompany {
  readonly liveStart: number;
  readonly end: number;
  /** From `liveStart` on the second ones hold: the people register knows the new departments, where it is told. */
  readonly registers: Registers;
  readonly movedRegisters: Registers;
  readonly cases: readonly MarkedCase[];
  events(): Iterable<SimulatedEvent>;
}

const TAKEN = 400;
const RELEASED_AT = 9 * HOUR_MS;
/** After the release or the first morning in the new place. */
const THEFT_AFTER = 4 * HOUR_MS;

/**
 * What release and move markers are for (F-8): a service does twice as much after a release, and somebody moves from sales to engineering, which is all
 * right; and on the day of another service's release, and of another person's move, 400 documents or tables are taken. The same options give the same bytes.
 */
export function createMarkedCompany({ marked, ...options }: MarkedOptions): MarkedCompany {
  const world = createWorld({ ...options, contentShare: 0 });
  const first = dayOf(world.liveStart);
  const service = (id: string): Service => world.services.find((each) => each.id === id)!;
  const [doubling, robbed] = [service('svc/fraud-scoring'), service('svc/claims-intake')];
  const staying = world.people.filter((person) => person.joinDay === Number.NEGATIVE_INFINITY && person.noticeDay === Number.POSITIVE_INFINITY && worksOn(world, person, first) && worksOn(world, person, first + 1));
  const of = (department: string, nth: number): Person => staying.filter((person) => person.department.id === department)[nth]!;
  const [mover, thief, engineer] = [of('sales', 0), of('sales', 1), of('engineering', 0)];
  const moved = (person: Person): Person => ({ ...person, department: engineer.department, tempo: engineer.tempo * 1.4 });
  const released = first * DAY_MS + RELEASED_AT;
  const morning = (person: Person): number => person.office.zone.at(first, person.startHour);
  const cases: MarkedCase[] = [
    { id: 'release', category: 'twin', entity: { type: 'service', id: doubling.id }, from: released, description: `${doubling.id} does twice as much after a release` },
    { id: 'move', category: 'twin', entity: { type: 'user', id: mover.id }, from: morning(mover), description: `${mover.name} moves from sales to engineering` },
    { id: 'release_theft', category: 'attack', entity: { type: 'service', id: robbed.id }, from: released + THEFT_AFTER, description: `${TAKEN} exports by ${robbed.id} on the day of its release` },
    { id: 'move_theft', category: 'attack', entity: { type: 'user', id: thief.id }, from: morning(thief) + THEFT_AFTER, description: `${thief.name} downloads ${TAKEN} documents of sales on the first day in engineering` },
  ];
  const registers = registersOf(world);
  const movers = new Set([mover.id, thief.id]);
  return {
    liveStart: world.liveStart, end: world.end, cases, registers,
    movedRegisters: marked ? { ...registers, version: 2, people: registers.people.map((row) => (movers.has(row.id) ? { ...row, group: engineer.department.id, status: 'moved', effective: isoDay(first) } : row)) } : registers,
    *events() {
      const streams = [
        ...world.people.map((person) => days(world, (day) => personDay(world, day >= first && movers.has(person.id) ? moved(person) : person, day))),
        ...world.services.map((each) => days(world, (day) => serviceDay(world, each, day))),
        ...world.keys.map((key) => days(world, (day) => keyDay(world, key, day))), ...world.agents.map((agent) => days(world, (day) => agentDay(world, agent, day))),
        days(world, (day) => (day < first ? [] : after(serviceDay({ ...world, seed: world.seed + 7_919 }, doubling, day), released))),
        ...(marked ? [marks(world, first, released, [doubling, robbed], [mover, thief])] : []),
        exports(world, robbed, released + THEFT_AFTER), downloads(world, thief, morning(thief) + THEFT_AFTER),
      ];
      for (const event of mergeStreams(streams)) {
        if (event.at >= world.end) return;
        if (event.at >= world.start) yield event;
      }
    },
  };
}

function* days(world: World, one: (day: number) => Iterable<SimulatedEvent>): Generator<SimulatedEvent, void, undefined> {
  for (let day = dayOf(world.start) - 1; day <= dayOf(world.end) + 1; day += 1) yield* one(day);
}

function* after(events: Iterable<SimulatedEvent>, from: number): Generator<SimulatedEvent, void, undefined> {
  for (const event of events) if (event.at >= from) yield event;
}

/** What the pipeline of deployments and the people feed say: the feed before anybody is at work, a release as it happens. */
function* marks(world: World, day: number, released: number, services: readonly Service[], people: readonly Person[]): Generator<SimulatedEvent, void, undefined> {
  const dice = new Dice(`${world.seed}/marks`);
  const scribe = (id: string, slot: number): Scribe => new Scribe(dice, { id, type: 'service', group: 'services' }, sourceOf(cloudOf(slot), '', `${id.slice(4)}/1.0`));
  const feed = scribe('svc/hr-feed', 8);
  for (const [nth, person] of people.entries()) yield feed.access(day * DAY_MS + 4 * HOUR_MS + nth * 1_000, 'status', { id: person.id, type: 'user' }, { kind: 'identity', attributes: { 'hr.status': 'moved', 'hr.effective': isoDay(day), 'hr.team': 'engineering' } });
  const pipeline = scribe('svc/deployments', 9);
  for (const [nth, { id }] of services.entries()) yield pipeline.access(released + nth, 'deploy', { id, type: 'service' }, { kind: 'lifecycle', attributes: { version: '9.0' } });
}

function* exports(world: World, service: Service, from: number): Generator<SimulatedEvent, void, undefined> {
  const dice = new Dice(`${world.seed}/release-theft`);
  const scribe = serviceScribe(service, dice, 'release_theft');
  for (const time of timesFrom(from, HOUR_MS, dice, TAKEN)) yield scribe.access(time, 'export', datasetResource(dice.pick(['ds/customers', 'ds/policies', 'ds/claims'])), { purpose: service.purpose, rows: 2_000, bytes: 1_400_000 });
}

function* downloads(world: World, person: Person, from: number): Generator<SimulatedEvent, void, undefined> {
  const dice = new Dice(`${world.seed}/move-theft`);
  const scribe = new Scribe(dice, { id: person.id, type: 'user', roles: ['engineering'], group: 'engineering', session: 's-theft', mfa: true }, sourceOf(person.home, person.device, person.browser), 'move_theft');
  let number = newestDocument(dayOf(from)) - TAKEN - 20;
  for (const time of timesFrom(from, HOUR_MS, dice, TAKEN)) yield scribe.access(time, 'download', documentResource('sales', number += 1), { bytes: documentBytes('sales', number) });
}
