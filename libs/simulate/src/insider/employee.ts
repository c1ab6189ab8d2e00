import { Dice } from '../dice.js';
import { ROLES, type Role } from './roles.js';

/** What somebody does on an ordinary day of work, before the day's own chance. */
export interface Habits {
  /** Local hour of arrival and hours of stay. */
  readonly arrival: number;
  readonly stay: number;
  readonly mails: number;
  readonly externalShare: number;
  readonly visits: number;
  /** Share of days with removable media, 0 for most people; connections and files copied on such a day. */
  readonly removableShare: number;
  readonly connections: number;
  readonly copies: number;
  /** Share of days with a sitting late in the evening or at night, and of weekend days with some work. */
  readonly lateShare: number;
  readonly weekendShare: number;
  /** Share of days with an upload to a file-sharing site. */
  readonly uploadShare: number;
  /** Spread of a day around the habit: sigma of its logarithm. */
  readonly unsteadiness: number;
}

export interface Employee {
  readonly index: number;
  readonly id: string;
  readonly machine: string;
  readonly address: string;
  readonly team: string;
  /** Role by day: a move changes it once. */
  readonly role: Role;
  readonly moved: { readonly day: number; readonly role: Role; readonly team: string } | null;
  readonly habits: Habits;
  /** First and last day of employment, inclusive. */
  firstDay: number;
  lastDay: number;
  readonly supervisor: number;
}

export interface Staff { readonly seed: number; readonly users: number; readonly days: number }

/** Share of people who change role, join late, or leave for good reasons within eighteen months. */
const MOVES = 0.07;
const JOINS = 0.09;
const LEAVES = 0.11;
const MONTHS_18 = 547;

export function hireStaff({ seed, users, days }: Staff): Employee[] {
  const scale = Math.min(1, days / MONTHS_18);
  return Array.from({ length: users }, (_, index) => {
    const dice = new Dice(`${seed}/insider/employee/${index}`);
    const role = roleAt(index);
    const moves = dice.chance(MOVES * scale);
    const target = dice.pick(ROLES);
    const moveDay = dice.whole(Math.floor(days * 0.15), Math.floor(days * 0.9));
    const joins = dice.chance(JOINS * scale);
    const joinDay = dice.whole(10, Math.floor(days * 0.8));
    const leaves = dice.chance(LEAVES * scale);
    const leaveDay = dice.whole(Math.floor(days * 0.2), days - 1);
    return {
      index, id: idOf(index, dice), machine: `PC-${String(1000 + index * 7)}`, address: `10.${20 + (index >> 7)}.${(index * 3) & 127}.${10 + (index % 200)}`, team: teamOf(role, index), role,
      moved: moves ? { day: moveDay, role: target, team: teamOf(target, index) } : null,
      habits: habitsOf(role, dice), firstDay: joins ? joinDay : 0, lastDay: leaves && (!joins || leaveDay > joinDay + 40) ? leaveDay : days - 1, supervisor: supervisorOf(index, users),
    };
  });
}

/** Roles by headcount, the same shares whatever the size. */
function roleAt(index: number): Role {
  const total = ROLES.reduce((sum, { share }) => sum + share, 0);
  // Spread by the golden ratio, so that a small company is a sample of the large one.
  let left = ((index * 0.618_033_988_749_895) % 1) * total;
  for (const role of ROLES) { left -= role.share; if (left < 0) return role; }
  return ROLES[0]!;
}

const TEAM_SIZE = 40;
const teamOf = ({ id, share }: Role, index: number): string => (share <= TEAM_SIZE ? id : `${id}/${1 + (index % Math.ceil(share / TEAM_SIZE))}`);
/** The first of twenty; those report to each other. */
const supervisorOf = (index: number, users: number): number => (index % 20 === 0 ? (index + 20) % users : index - (index % 20));

function idOf(index: number, dice: Dice): string {
  return `${dice.text('ABCDEFGHJKLMNPRSTVWZ', 3)}${String(index).padStart(4, '0')}`;
}

export function habitsOf(role: Role, dice: Dice): Habits {
  const usesRemovable = dice.chance(role.removable);
  // Most who use it do so now and then, a few all day long.
  const keen = dice.next();
  return {
    arrival: 8.3 + 0.8 * dice.normal(), stay: Math.max(6, 8.7 + 0.7 * dice.normal()), mails: dice.logNormal(role.mails, 0.6), externalShare: Math.min(0.9, dice.logNormal(0.18, 0.6)), visits: dice.logNormal(role.visits, 0.7),
    removableShare: usesRemovable ? 0.05 + 0.9 * keen * keen : 0, connections: dice.logNormal(2.2, 0.8), copies: dice.logNormal(2.6, 1),
    lateShare: Math.min(0.7, role.late * dice.logNormal(0.8, 1.2)), weekendShare: Math.min(0.5, role.late * dice.logNormal(0.4, 1.3)),
    uploadShare: dice.chance(0.12) ? 0.02 + 0.4 * dice.next() * dice.next() : 0.0015, unsteadiness: 0.3 + 0.3 * dice.next(),
  };
}
