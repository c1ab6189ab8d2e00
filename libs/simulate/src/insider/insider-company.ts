import type { SimulatedEvent } from '../native-event.js';
import { Dice } from '../dice.js';
import { Calendar } from '../world/holidays.js';
import { DAY_MS, isoDay } from '../world/zone.js';
import { absencesOf } from './absences.js';
import { Diary } from './diary.js';
import { hireStaff, type Employee } from './employee.js';
import { actOn, alarmAll, planMalice, type Malice, type MaliceKind } from './malice.js';
import { odditiesOf } from './oddities.js';
import { workDay } from './work-day.js';

export interface InsiderOptions {
  readonly seed: number;
  /** First day, epoch ms; cut to the UTC day. */
  readonly start: number;
  /** 547, eighteen months, as published. At least 150. */
  readonly days: number;
  /** 1,000 as published. At least 40. */
  readonly users: number;
  readonly cases?: Readonly<Record<MaliceKind, number>>;
}
/** As published: 70 insiders of 1,000. */
export const PUBLISHED_CASES: Readonly<Record<MaliceKind, number>> = { night_leak: 30, job_hunt_theft: 30, admin_sabotage: 10 };

export interface InsiderLabel {
  readonly id: string;
  readonly kind: MaliceKind;
  readonly insider: string;
  /** Malicious user-days, in order; the last of a sabotage is under the supervisor's account. */
  readonly days: readonly { readonly user: string; readonly day: string }[];
}

export interface InsiderCompany {
  readonly users: readonly string[];
  readonly labels: readonly InsiderLabel[];
  /** In time order. Holds two days of events. */
  events(): Generator<SimulatedEvent, void, undefined>;
}

/**
 * A company with insiders in it, built to what is published about the CERT insider threat data, release 4.2 (Glasser & Lindauer 2013,
 * "Bridging the Gap"; SEI, doi:10.1184/R1/12841247): people in 42 roles, sign-ins, removable media, file copies, mail and web, three scenarios. The same options give
 * the same bytes. Web visits are about an eighth of the published number (one a site and sitting), so that a run is millions of events, not tens of millions.
 */
export function createInsiderCompany({ seed, start, days, users, cases = PUBLISHED_CASES }: InsiderOptions): InsiderCompany {
  const firstDate = Math.floor(start / DAY_MS);
  const calendar = new Calendar(['US'], firstDate, firstDate + days);
  const isWorkday = (day: number): boolean => calendar.isWorkday(firstDate + day, 'US');
  const staff = hireStaff({ seed, users, days });
  const malice = planMalice(seed, staff, days, cases, isWorkday);
  return {
    users: staff.map(({ id }) => id),
    labels: malice.map(({ id, kind, insider, supervisor, days: on }) => ({
      id, kind, insider: insider.id, days: on.map((day, nth) => ({ user: kind === 'admin_sabotage' && nth > 0 ? supervisor.id : insider.id, day: isoDay(firstDate + day) })),
    })),
    events: () => eventsOf({ seed, firstDate, days, users, staff, malice, isWorkday }),
  };
}

interface Company { readonly seed: number; readonly firstDate: number; readonly days: number; readonly users: number; readonly staff: readonly Employee[]; readonly malice: readonly Malice[]; readonly isWorkday: (day: number) => boolean }

function* eventsOf(company: Company): Generator<SimulatedEvent, void, undefined> {
  const { seed, firstDate, days, staff, malice } = company;
  const absences = staff.map(({ index }) => absencesOf(seed, index, days));
  const oddities = staff.map((employee) => odditiesOf(seed, employee, days));
  const releases = releaseDays(company);
  const maliceOf = new Map(malice.map((one) => [one.insider.index, one]));
  const abusedBy = new Map(malice.filter(({ kind }) => kind === 'admin_sabotage').map((one) => [one.supervisor.index, one]));
  const machineOf = (index: number): { machine: string; address: string } => staff[index]!;
  let pending: SimulatedEvent[] = [];
  for (let day = 0; day < days; day += 1) {
    for (const employee of staff) {
      const { index } = employee;
      if (day < employee.firstDay || day > employee.lastDay) continue;
      const moved = employee.moved !== null && day >= employee.moved.day;
      const role = moved ? employee.moved!.role : employee.role;
      const team = moved ? employee.moved!.team : employee.team;
      const own = maliceOf.get(index);
      const acts = own?.days.includes(day) === true && !(own.kind === 'admin_sabotage' && day === own.days.at(-1));
      const abused = abusedBy.get(index)?.days.at(-1) === day ? abusedBy.get(index)! : undefined;
      const works = company.isWorkday(day) && !absences[index]!.has(day);
      const facts = { seed, date: firstDate + day, day, employee, role, team, oddities: oddities[index]!, works, release: role.releases === true && releases.get(team)?.has(day) === true && !absences[index]!.has(day), machineOf, users: company.users };
      const done = workDay(facts, acts);
      if (done !== null && acts) actOn(own, day, done.diary, done.arrival, done.leave);
      const diary = done?.diary ?? (abused === undefined ? null : new Diary('cert', firstDate + day, new Dice(`${seed}/insider/abused/${index}`), employee.id, team, { ip: employee.address, device: employee.machine }));
      if (diary === null) continue;
      if (abused !== undefined) alarmAll(abused, diary);
      for (const event of diary.events) pending.push(event);
    }
    // Nights reach into the next day: what lies there waits for it.
    const end = (firstDate + day + 1) * DAY_MS;
    pending.sort((a, b) => a.at - b.at);
    const ready = day === days - 1 ? pending.length : firstFrom(pending, end);
    for (let i = 0; i < ready; i += 1) yield pending[i]!;
    pending = pending.slice(ready);
  }
}

function firstFrom(events: readonly SimulatedEvent[], time: number): number {
  let at = events.length;
  while (at > 0 && events[at - 1]!.at >= time) at -= 1;
  return at;
}

/** Teams with releases have one about every six weeks, from Friday to Sunday. */
function releaseDays({ seed, days, staff, firstDate }: Company): Map<string, Set<number>> {
  const byTeam = new Map<string, Set<number>>();
  for (const { team } of staff) {
    if (byTeam.has(team)) continue;
    const dice = new Dice(`${seed}/insider/releases/${team}`);
    const on = new Set<number>();
    for (let day = dice.whole(5, 45); day < days; day += dice.whole(28, 56)) {
      const friday = day + ((4 - ((firstDate + day + 3) % 7) + 7) % 7);
      for (let each = friday; each < friday + 3; each += 1) on.add(each);
    }
    byTeam.set(team, on);
  }
  return byTeam;
}
