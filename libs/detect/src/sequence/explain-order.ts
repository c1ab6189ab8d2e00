import type { Finding } from '@wary/model/finding.js';
import type { Core } from '../core.js';
import { ACT_SLOTS, ENTITY } from '../entity-layout.js';
import type { EntityState } from '../entity-state.js';
import type { OpenWindow } from '../open-window.js';
import { ACT_NAMES } from '../value-names.js';
import { spanWords, entityWords, thisEntity } from '../words.js';
import { usualAfter } from './note-order.js';
import type { OrderStep } from './order-day.js';
import { pairKey, START } from './order-model.js';

const STEPS_TOLD_MAX = 4;

const nameOf = (core: Pick<Core, 'names'>, act: number): string => (act === START ? 'the beginning' : core.names.nameOf(ACT_NAMES, act));
export const stepWords = (core: Pick<Core, 'names'>, { before, act }: OrderStep): string => (before === START ? `${nameOf(core, act)} at the beginning` : `${nameOf(core, before)} → ${nameOf(core, act)}`);

/** Steps in the order of the day, those that follow on each other joined: "download (file) → delete (log) → create (key)". */
export function pathWords(core: Pick<Core, 'names'>, window: OpenWindow): string {
  const told = new Set(window.order!.strongest().slice(0, STEPS_TOLD_MAX).map(({ before, act }) => pairKey(before, act)));
  const paths: string[] = [];
  let last: OrderStep | null = null;
  for (const step of window.order!.steps) {
    if (!told.delete(pairKey(step.before, step.act))) continue;
    if (last !== null && last.act === step.before && step.before !== START) paths[paths.length - 1] += ` → ${nameOf(core, step.act)}`;
    else paths.push(stepWords(core, step));
    last = step;
  }
  return paths.join('; ');
}

const actsOf = ({ chunk, f }: EntityState): number[] => Array.from({ length: ACT_SLOTS }, (_, slot) => chunk.u32[f + ENTITY.actHash + slot]!).filter((hash) => hash !== 0);

export function orderSummary(core: Pick<Core, 'names'>, entity: EntityState, window: OpenWindow): string {
  const [lead] = window.order!.strongest();
  const usual = lead === undefined ? null : usualAfter(entity, lead.before, actsOf(entity));
  const instead = usual === null || lead === undefined || usual === lead.act ? '' : ` ${lead.before === START ? 'At the beginning' : `After ${nameOf(core, lead.before)}`} ${thisEntity(entity.type)} usually does ${nameOf(core, usual)}.`;
  return `${entityWords(entity)} did things ${spanWords(window.start, window.end)} in an order that ${thisEntity(entity.type)} does not keep: ${pathWords(core, window)}.${instead}`;
}

/** The fewest steps that would have had to be in another order: the strongest first, by leaving them out of the sum. */
export function usualOrder(core: Core, window: OpenWindow, quiet: number): NonNullable<Finding['explanation']['counterfactual']> {
  const left: OrderStep[] = [];
  const pairs = new Set<number>();
  for (const step of window.order!.strongest()) {
    left.push(step);
    pairs.add(pairKey(step.before, step.act));
    if (window.order!.without(pairs) < quiet) break;
  }
  const more = left.length - STEPS_TOLD_MAX;
  return { text: `Without ${left.slice(0, STEPS_TOLD_MAX).map((step) => stepWords(core, step)).join(', and ')}${more > 0 ? ` and ${more} more such step${more === 1 ? '' : 's'}` : ''} it would have stayed quiet.`, feature: 'order.1d', value: null };
}
