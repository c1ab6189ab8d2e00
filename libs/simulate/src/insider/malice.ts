import { Dice } from '../dice.js';
import type { Diary } from './diary.js';
import type { Employee } from './employee.js';
import { siteOf } from './sites.js';

/** The three scenarios of CERT r4.2, as its documentation tells them. */
export type MaliceKind = 'night_leak' | 'job_hunt_theft' | 'admin_sabotage';
export const MALICE_KINDS: readonly MaliceKind[] = ['night_leak', 'job_hunt_theft', 'admin_sabotage'];

export interface Malice {
  readonly id: string;
  readonly kind: MaliceKind;
  readonly insider: Employee;
  /** Whose account the last day of a sabotage abuses. */
  readonly supervisor: Employee;
  /** Malicious days, in order. */
  readonly days: readonly number[];
}

/** Mean malicious days of a case: 85 over 30, 861 over 30 and 20 over 10 in the published data. */
const DAYS_MEAN: Readonly<Record<MaliceKind, number>> = { night_leak: 85 / 30, job_hunt_theft: 861 / 30, admin_sabotage: 2 };
/** History that every insider has before anything begins. */
const QUIET_DAYS_MIN = 60;

/** Who turns, and when: cases of each kind among people who stay long enough. They leave the day after the last. */
export function planMalice(seed: number, staff: readonly Employee[], days: number, cases: Readonly<Record<MaliceKind, number>>, isWorkday: (day: number) => boolean): Malice[] {
  const dice = new Dice(`${seed}/insider/malice`);
  const taken = new Set<number>();
  const plans: Malice[] = [];
  for (const kind of MALICE_KINDS) {
    const span = kind === 'job_hunt_theft' ? 64 : kind === 'night_leak' ? 14 : 4;
    const stays = (employee: Employee): boolean => !taken.has(employee.index) && !taken.has(employee.supervisor) && employee.moved === null && employee.firstDay === 0 && employee.lastDay === days - 1 && employee.role.shifts !== true;
    // Who begins to work at night and to use a stick did neither before; who hunts for a job is nobody conspicuous; a sabotage needs an administrator.
    const fits = ({ habits, role }: Employee): boolean => kind === 'night_leak' ? habits.removableShare === 0 && habits.lateShare < 0.03 : kind === 'admin_sabotage' ? role.admin === true : habits.removableShare < 0.2 && habits.lateShare < 0.06 && habits.visits < 1.6 * role.visits && habits.mails < 1.6 * role.mails && habits.unsteadiness < 0.52;
    for (const insider of dice.sample(staff.filter((employee) => stays(employee) && fits(employee)), cases[kind])) {
      if (taken.has(insider.index)) continue;
      taken.add(insider.index);
      const first = dice.whole(QUIET_DAYS_MIN, Math.max(QUIET_DAYS_MIN, days - span - 2));
      const chosen = daysOf(kind, dice, first, span, isWorkday);
      insider.lastDay = Math.min(days - 1, chosen.at(-1)! + 1);
      plans.push({ id: `${kind}-${plans.length + 1}`, kind, insider, supervisor: staff[insider.supervisor]!, days: chosen });
      if (kind === 'admin_sabotage') taken.add(insider.supervisor);
    }
  }
  return plans;
}

function daysOf(kind: MaliceKind, dice: Dice, first: number, span: number, isWorkday: (day: number) => boolean): number[] {
  const open: number[] = [];
  for (let day = first; day < first + span; day += 1) if (isWorkday(day)) open.push(day);
  if (kind === 'admin_sabotage') return open.slice(0, 2);
  const count = Math.max(1, Math.min(open.length, Math.round(DAYS_MEAN[kind] + (kind === 'night_leak' ? dice.between(-1.4, 1.4) : dice.between(-9, 9)))));
  return dice.sample(open, count).sort((a, b) => a - b);
}

/** What is done on a malicious day beside the day's ordinary work. `arrival` and `leave` are the hours of that work. */
export function actOn(malice: Malice, day: number, diary: Diary, arrival: number, leave: number): void {
  const { dice } = diary;
  diary.label = malice.id;
  const nth = malice.days.indexOf(day);
  if (malice.kind === 'night_leak') {
    const hour = dice.chance(0.5) ? dice.between(20, 23.5) : dice.between(1, 5);
    diary.logon(hour);
    let at = hour + dice.between(0.05, 0.3);
    at = diary.removable(at, dice.whole(1, 3)) + 0.05;
    for (let uploads = dice.chance(0.25) ? 2 : 1; uploads > 0; uploads -= 1) {
      const category = dice.chance(0.5) ? 'file_sharing' : 'uncategorised';
      diary.web(at, siteOf(category, dice), category, 'upload');
      at += dice.between(0.02, 0.2);
    }
    diary.logoff(at + 0.1);
  } else if (malice.kind === 'job_hunt_theft') {
    const progress = nth / Math.max(1, malice.days.length - 1);
    const inDay = (): number => dice.between(arrival + 0.3, leave - 0.3);
    for (let visits = dice.poisson(2 * (1.3 - progress)); visits > 0; visits -= 1) diary.web(inDay(), siteOf('job_search', dice), 'job_search');
    if (dice.chance(0.1)) diary.mail(inDay(), 'external', true);
    // Copies come in with the weeks and rise to the end.
    if (dice.next() < 0.8 + 2 * progress) for (let sticks = 1 + Math.round(4 * progress * dice.between(0.6, 1.4)); sticks > 0; sticks -= 1) diary.removable(inDay(), Math.round(6 * (0.6 + 0.4 * progress) * dice.between(0.6, 1.4)));
    if (diary.events.every(({ label }) => label === undefined)) diary.web(inDay(), siteOf('job_search', dice), 'job_search');
  } else if (nth === 0) {
    const at = dice.between(arrival + 0.5, leave - 1);
    diary.web(at, siteOf('security_tools', dice), 'security_tools', 'download');
    diary.removable(at + 0.1, dice.whole(1, 2));
    const own = { ip: malice.insider.address, device: malice.insider.machine };
    diary.from({ ip: malice.supervisor.address, device: malice.supervisor.machine });
    diary.logon(at + 0.6);
    diary.removable(at + 0.65, 0);
    diary.logoff(at + 0.8);
    diary.from(own);
  }
  diary.label = undefined;
}

/** The last day of a sabotage, under the supervisor's account: an alarming mail to many. */
export function alarmAll(malice: Malice, diary: Diary): void {
  const { dice } = diary;
  const hour = dice.between(9, 16);
  diary.label = malice.id;
  const own = { ip: malice.supervisor.address, device: malice.supervisor.machine };
  if (dice.chance(0.5)) diary.from({ ip: malice.insider.address, device: malice.insider.machine });
  diary.logon(hour);
  for (let mails = dice.whole(12, 60), at = hour + 0.05; mails > 0; mails -= 1, at += dice.exponential(0.01)) diary.mail(at, 'internal');
  diary.logoff(hour + 0.8);
  diary.from(own);
  diary.label = undefined;
}
