import type { Event } from '@wary/model/event.js';
import { buildEvent, inTimeOrder } from './event-builder.js';
import { OFFICE_START } from './office-stream.js';
import { SeededRandom } from './seeded-random.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

export type Role = 'analyst' | 'engineer';
/** What a role does: act, type of resource, how often on a day. */
const WORK: Readonly<Record<Role, ReadonlyArray<readonly [action: string, type: string, resource: string, perDay: number]>>> = {
  analyst: [['sign_in', 'session', 'sso', 1], ['read', 'table', 'sales/orders', 4], ['query', 'table', 'sales/customers', 3], ['export', 'report', 'reports/weekly', 0.5]],
  engineer: [['sign_in', 'session', 'sso', 1], ['push', 'repository', 'git/service', 3], ['deploy', 'cluster', 'prod/east', 1], ['read', 'log', 'logs/service', 6]],
};

export interface RoleOptions {
  readonly seed: number;
  readonly days: number;
  /** Everybody, with the role on a day; null: not there. */
  readonly people: readonly { readonly id: string; readonly roleOn: (day: number) => Role | null }[];
}

/** People with roles that nobody has declared, every working day; each has a pace of their own and some files nobody else uses. */
export function roleStream({ seed, days, people }: RoleOptions): Event[] {
  const random = new SeededRandom(seed);
  const paces = people.map(() => random.gamma(8, 0.125));
  const events: Event[] = [];
  for (let day = 0; day < days; day += 1) {
    if (day % 7 >= 5) continue;
    people.forEach(({ id, roleOn }, index) => {
      const role = roleOn(day);
      if (role === null) return;
      for (const [action, type, resource, perDay] of WORK[role]) events.push(...acts(random, id, day, action, type, resource, random.poisson(perDay * paces[index]!)));
      events.push(...acts(random, id, day, 'read', 'file', `home/${id}/${random.below(4)}`, random.poisson(2)));
    });
  }
  return inTimeOrder(events);
}

/** Acts of somebody within the working hours of a day. */
export function acts(random: SeededRandom, id: string, day: number, action: string, type: string, resource: string, count: number): Event[] {
  return Array.from({ length: count }, (_, n) => buildEvent({
    id: `${id}-${day}-${action}-${type}-${n}`, time: OFFICE_START + day * DAY_MS + 9 * HOUR_MS + random.below(8 * HOUR_MS), action, actor: { id }, resource: { id: resource, type }, client: { country: 'DE', asn: 3_000, userAgent: 'office-client/3' },
  }));
}

/** So many of a role, who stay what they are. */
export const staff = (role: Role, count: number, from = 0): RoleOptions['people'] => Array.from({ length: count }, (_, n) => ({ id: `${role}-${from + n}`, roleOn: () => role }));
