import { smoothWeek, WEEK_HOURS, weekTail } from '@wary/baseline/week-histogram.js';
import type { Core, TenantCore } from './core.js';
import { ENTITY, ENTITY_LAYOUT } from './entity-layout.js';
import type { EntityState } from './entity-state.js';
import { chunkOf, placeOf } from './slab.js';

/** An hour of the week in which she is active at least this often, compared to an average hour, is not unusual. */
const COMMON = 0.5;
const smoothed = new Float64Array(WEEK_HOURS);

function ownWeek(core: Core, entity: EntityState): Uint8Array {
  const at = placeOf(entity.row) * ENTITY_LAYOUT.u8 + ENTITY.week;
  return core.entities.u8[chunkOf(entity.row)]!.subarray(at, at + WEEK_HOURS);
}

/** −log10 of the mass of all hours of the week that are at most as likely as this one, for her, with her peers' week as the prior. */
export function offHoursScore(core: Core, tenant: TenantCore, entity: EntityState, cell: number): number {
  const own = core.entities.u8[chunkOf(entity.row)]!;
  const at = placeOf(entity.row) * ENTITY_LAYOUT.u8 + ENTITY.week;
  let total = 0;
  for (let i = 0; i < WEEK_HOURS; i += 1) total += own[at + i]!;
  if (own[at + cell]! * WEEK_HOURS > COMMON * total && total > 0) return 0;
  const view = tenant.population.view(entity.node);
  view.refresh();
  smoothWeek(ownWeek(core, entity), view.week, smoothed);
  return -Math.log10(weekTail(smoothed, cell));
}

/** The nearest hour of the week, before or after, whose score stays below `score`; −1 when there is none. */
export function nearestUsualHour(core: Core, tenant: TenantCore, entity: EntityState, cell: number, score: number): number {
  const view = tenant.population.view(entity.node);
  view.refresh();
  smoothWeek(ownWeek(core, entity), view.week, smoothed);
  for (let distance = 1; distance <= WEEK_HOURS / 2; distance += 1) {
    for (const other of [(cell + WEEK_HOURS - distance) % WEEK_HOURS, (cell + distance) % WEEK_HOURS]) {
      if (-Math.log10(weekTail(smoothed, other)) < score) return other;
    }
  }
  return -1;
}

export function weekOf(core: Core, entity: EntityState): number[] {
  return Array.from(ownWeek(core, entity));
}

/** An hour in which she was active is learned. Counts are halved before they run over. */
export function learnWeekHour(core: Core, entity: EntityState, cell: number): void {
  const own = core.entities.u8[chunkOf(entity.row)]!;
  const at = placeOf(entity.row) * ENTITY_LAYOUT.u8 + ENTITY.week;
  if (own[at + cell]! === 255) for (let i = 0; i < WEEK_HOURS; i += 1) own[at + i] = own[at + i]! >> 1;
  own[at + cell]! += 1;
}

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const;
export const hourWords = (cell: number): string => `${DAYS[Math.floor(cell / 24)]} ${String(cell % 24).padStart(2, '0')}:00`;
