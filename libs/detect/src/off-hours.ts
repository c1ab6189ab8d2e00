import { smoothWeek, WEEK_HOURS, weekTail } from '@wary/baseline/week-histogram.js';
import type { TenantCore } from './core.js';
import { ENTITY } from './entity-layout.js';
import type { EntityState } from './entity-state.js';

/** An hour of the week in which she is active at least this often, compared to an average hour, is not unusual. */
const COMMON = 0.5;
const smoothed = new Float64Array(WEEK_HOURS);

const ownWeek = ({ chunk, b }: EntityState): Uint8Array => chunk.u8.subarray(b + ENTITY.week, b + ENTITY.week + WEEK_HOURS);

function smooth(tenant: TenantCore, entity: EntityState): void {
  const view = tenant.population.view(entity.node);
  view.refreshWeek();
  smoothWeek(ownWeek(entity), view.week, smoothed);
}

/** A tenant's week is known when each of its hours has come around twice, less a day: history of two weeks is enough. */
const WEEK_KNOWN_HOURS = 13 * 24;

export const isWeekKnown = ({ population }: TenantCore): boolean => population.now - population.first >= WEEK_KNOWN_HOURS;

/** −log10 of the mass of all hours of the week that are at most as likely as this one, for her, with her peers' week as the prior. */
export function offHoursScore(tenant: TenantCore, entity: EntityState, cell: number): number {
  if (!isWeekKnown(tenant)) return 0;
  const { chunk, b, f } = entity;
  const total = chunk.u32[f + ENTITY.weekTotal]!;
  if (total > 0 && chunk.u8[b + ENTITY.week + cell]! * WEEK_HOURS > COMMON * total) return 0;
  smooth(tenant, entity);
  return -Math.log10(weekTail(smoothed, cell));
}

/** The nearest hour of the week, before or after, whose score stays below `score`; −1 when there is none. */
export function nearestUsualHour(tenant: TenantCore, entity: EntityState, cell: number, score: number): number {
  smooth(tenant, entity);
  for (let distance = 1; distance <= WEEK_HOURS / 2; distance += 1) {
    for (const other of [(cell + WEEK_HOURS - distance) % WEEK_HOURS, (cell + distance) % WEEK_HOURS]) {
      if (-Math.log10(weekTail(smoothed, other)) < score) return other;
    }
  }
  return -1;
}

export const weekOf = (entity: EntityState): number[] => Array.from(ownWeek(entity));

/** An hour in which she was active is learned. Counts are halved before they run over. */
export function learnWeekHour(entity: EntityState, cell: number): void {
  const { u8, u32 } = entity.chunk;
  const at = entity.b + ENTITY.week;
  if (u8[at + cell]! === 255) {
    let total = 0;
    for (let i = 0; i < WEEK_HOURS; i += 1) { u8[at + i] = u8[at + i]! >> 1; total += u8[at + i]!; }
    u32[entity.f + ENTITY.weekTotal] = total;
  }
  u8[at + cell]! += 1;
  u32[entity.f + ENTITY.weekTotal]! += 1;
}

/** The hours it has learned count as so many at most from now on. Halved until they do: what it was active in once is gone. */
export function discountWeek(entity: EntityState, hoursMax: number): void {
  const { u8, u32 } = entity.chunk;
  const at = entity.b + ENTITY.week;
  let total = u32[entity.f + ENTITY.weekTotal]!;
  while (total > hoursMax) {
    total = 0;
    for (let i = 0; i < WEEK_HOURS; i += 1) { u8[at + i] = u8[at + i]! >> 1; total += u8[at + i]!; }
  }
  u32[entity.f + ENTITY.weekTotal] = total;
}

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;
export const hourWords = (cell: number): string => `${DAYS[Math.floor(cell / 24)]} ${String(cell % 24).padStart(2, '0')}:00`;
