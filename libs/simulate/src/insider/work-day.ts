import { Dice } from '../dice.js';
import { weekdayOf } from '../world/zone.js';
import { Diary } from './diary.js';
import type { Employee, Habits } from './employee.js';
import type { Oddity, OddityKind } from './oddities.js';
import type { Role } from './roles.js';
import { ordinaryCategory, siteOf, type SiteCategory } from './sites.js';

export interface DayFacts {
  readonly seed: number;
  /** Days since the epoch, and since the first day of the data. */
  readonly date: number;
  readonly day: number;
  readonly employee: Employee;
  readonly role: Role;
  readonly team: string;
  readonly oddities: readonly Oddity[];
  /** Neither weekend, holiday nor absence. */
  readonly works: boolean;
  /** A release of the whole team falls on this day. */
  readonly release: boolean;
  /** Somebody else's machines, for those who look after them. */
  readonly machineOf: (index: number) => { readonly machine: string; readonly address: string };
  readonly users: number;
}
/** The diary of a day with the hours of the work in it; null when nothing was done. */
export interface WorkDay { readonly diary: Diary; readonly arrival: number; readonly leave: number }

/** An ordinary day, with its oddities: habits times the day's own chance. */
export function workDay(facts: DayFacts, mustWork: boolean): WorkDay | null {
  const { seed, date, day, employee, role, team, works, release } = facts;
  const dice = new Dice(`${seed}/insider/day/${employee.index}/${day}`);
  const { habits } = employee;
  const spell = (kind: OddityKind): Oddity | undefined => facts.oddities.find((oddity) => oddity.kind === kind && oddity.from <= day && day <= oddity.to);
  const deadline = spell('deadline');
  const weekend = !works && (release || dice.chance(habits.weekendShare + (deadline === undefined ? 0 : 0.3)));
  if (!works && !weekend && !mustWork) return null;
  const diary = new Diary('cert', date, dice, employee.id, team, placeOf(facts, spell));
  const tempo = dice.logNormal(1, habits.unsteadiness) * (weekend ? 0.4 : 1) * (1 + 0.2 * Math.sin(day / 31 + employee.index));
  const nights = role.shifts === true && (Math.floor((day + employee.index) / 7) + employee.index) % 4 === 0;
  const shift = spell('cover_nights') !== undefined || nights ? 12 : spell('travel') !== undefined ? Math.round(6 * Math.sin(employee.index + (spell('travel')?.from ?? 0))) : 0;
  const arrival = Math.max(0.2, habits.arrival + 0.4 * dice.normal() + shift + (weekend ? 2 : 0));
  const leave = arrival + Math.max(1.5, (weekend ? 3 : habits.stay) + 0.8 * dice.normal());
  const inDay = (): number => dice.between(arrival + 0.1, leave - 0.1);
  sitting(diary, arrival, leave);
  if (dice.chance(0.35)) { diary.logon(arrival + 4.6); diary.logoff(arrival + 4); }
  if (dice.chance(0.03)) diary.logon(arrival - 0.02, 'failure');
  for (let mails = dice.poisson(habits.mails * tempo); mails > 0; mails -= 1) diary.mail(inDay(), dice.chance(habits.externalShare) ? 'external' : 'internal', dice.chance(0.15));
  browse(diary, habits, tempo, inDay, employee.index);
  removableMedia(diary, habits, tempo, inDay, spell('media_project'), day);
  const cloud = spell('cloud_project');
  if (dice.chance(habits.uploadShare + (cloud === undefined ? 0 : 0.35))) for (let uploads = 1 + dice.poisson(0.8); uploads > 0; uploads -= 1) diary.web(inDay(), siteOf('file_sharing', dice), 'file_sharing', 'upload');
  if (spell('job_curious') !== undefined && dice.chance(0.5)) for (let visits = 1 + dice.poisson(1.5 * spell('job_curious')!.strength); visits > 0; visits -= 1) diary.web(inDay(), siteOf('job_search', dice), 'job_search');
  if ((spell('security_study') !== undefined && dice.chance(0.4)) || (role.admin === true && dice.chance(0.05))) for (let visits = 1 + dice.poisson(0.7); visits > 0; visits -= 1) diary.web(inDay(), siteOf('security_tools', dice), 'security_tools', dice.chance(0.35) ? 'download' : 'visit');
  if (role.newsletters === true && dice.chance(0.08)) for (let mails = dice.whole(15, 80), at = inDay(); mails > 0; mails -= 1, at += dice.exponential(0.01)) diary.mail(at, 'internal');
  if (role.admin === true) lookAfter(facts, diary, inDay);
  if (dice.chance(habits.lateShare + (deadline === undefined ? 0 : 0.45) + (release ? 0.8 : 0))) late(diary, habits, leave, release || deadline !== undefined);
  return { diary, arrival, leave };
}

function placeOf({ day, employee, oddities }: DayFacts, spell: (kind: OddityKind) => Oddity | undefined): { ip: string; device: string; country?: string } {
  const travel = spell('travel');
  // A new machine keeps its place; the number says how many there have been.
  const replaced = oddities.filter(({ kind, from }) => kind === 'new_machine' && from <= day).length;
  const device = replaced === 0 ? employee.machine : `${employee.machine}-${replaced + 1}`;
  return travel === undefined ? { ip: employee.address, device } : { ip: `198.18.${travel.from & 127}.${employee.index % 200}`, device: `${device}-L`, country: ['CA', 'GB', 'DE', 'JP', 'MX'][(employee.index + travel.from) % 5]! };
}

function sitting(diary: Diary, from: number, to: number): void {
  diary.logon(from);
  diary.logoff(to);
}

/** Mostly the sites of one's own, the rest whatever comes. */
function browse(diary: Diary, { visits }: Habits, tempo: number, inDay: () => number, index: number): void {
  const { dice } = diary;
  const own = new Dice(`insider/favourites/${index}`);
  const favourites = Array.from({ length: 8 }, (): readonly [string, SiteCategory] => { const category = ordinaryCategory(own); return [siteOf(category, own), category]; });
  for (let count = dice.poisson(visits * tempo); count > 0; count -= 1) {
    // What somebody would not look at every week is never a favourite.
    const favourite = dice.chance(0.7) ? favourites[dice.zipf(8, 0.9)]! : undefined;
    const category = favourite === undefined || ['job_search', 'file_sharing', 'security_tools', 'uncategorised'].includes(favourite[1]) ? ordinaryCategory(dice) : favourite[1];
    diary.web(inDay(), favourite !== undefined && favourite[1] === category ? favourite[0] : siteOf(category, dice), category, dice.chance(0.01) ? 'download' : 'visit');
  }
}

function removableMedia(diary: Diary, { removableShare, connections, copies }: Habits, tempo: number, inDay: () => number, project: Oddity | undefined, day: number): void {
  const { dice } = diary;
  const progress = project === undefined ? 0 : (day - project.from) / (project.to - project.from);
  const share = removableShare + (project === undefined ? 0 : 0.25 + 0.4 * progress);
  // Once in a while anybody is handed a stick.
  if (!dice.chance(Math.min(0.97, share + 0.004))) return;
  const rise = project === undefined ? 1 : project.strength * (0.6 + progress);
  const sticks = removableShare === 0 && project === undefined ? 1 : Math.max(1, dice.poisson(connections * Math.sqrt(tempo) * rise));
  for (let count = Math.min(sticks, 40); count > 0; count -= 1) diary.removable(inDay(), Math.min(80, dice.poisson(dice.logNormal(copies, 0.7) * rise)));
}

/** Administrators sign in to the machines of others, and plug in what they need there. */
function lookAfter({ employee, day, machineOf, users }: DayFacts, diary: Diary, inDay: () => number): void {
  const { dice } = diary;
  for (let visits = dice.poisson(1.6); visits > 0; visits -= 1) {
    const other = machineOf((employee.index + 1 + dice.zipf(users - 1, 0.6)) % users);
    const at = inDay();
    diary.from({ ip: other.address, device: other.machine });
    diary.logon(at);
    if (employee.habits.removableShare > 0 && dice.chance(0.2)) diary.removable(at + 0.03, dice.poisson(0.6));
    diary.logoff(at + dice.between(0.1, 0.8));
  }
  diary.from({ ip: employee.address, device: employee.machine });
  if (weekdayOf(day) === 6) diary.logoff(inDay());
}

/** A sitting in the evening or at night: some mail, some sites, and for those who use it sometimes a stick. */
function late(diary: Diary, { removableShare, visits }: Habits, leave: number, busy: boolean): void {
  const { dice } = diary;
  const from = Math.max(leave + 0.5, dice.chance(0.8) ? dice.between(19, 23) : dice.between(23, 27));
  const to = from + dice.between(0.4, busy ? 4 : 2);
  sitting(diary, from, to);
  for (let mails = dice.poisson(busy ? 3 : 1.5); mails > 0; mails -= 1) diary.mail(dice.between(from, to), dice.chance(0.2) ? 'external' : 'internal');
  for (let count = dice.poisson(visits / 6); count > 0; count -= 1) { const category = ordinaryCategory(dice); diary.web(dice.between(from, to), siteOf(category, dice), category); }
  if (dice.chance(removableShare * 0.4 + (busy ? 0.03 : 0.005))) diary.removable(dice.between(from, to), dice.poisson(3));
}
