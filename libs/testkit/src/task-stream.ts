import type { Event } from '@wary/model/event.js';
import { buildEvent, inTimeOrder, type EventParts } from './event-builder.js';
import { OFFICE_START } from './office-stream.js';
import { SeededRandom } from './seeded-random.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const STEP_MS = 90_000;

/** The steps of one task, in their order. */
export const TASK: readonly EventParts[] = [
  { action: 'open', resource: { id: 'tickets', type: 'application' } },
  { action: 'read', resource: { id: 'ds/customers', type: 'dataset' } },
  { action: 'read', resource: { id: 'wiki/guide', type: 'document' } },
  { action: 'update', resource: { id: 'ds/customers', type: 'dataset' } },
  { action: 'send', resource: { id: 'mail/customer', type: 'mail' } },
  { action: 'close', resource: { id: 'tickets', type: 'application' } },
];

export interface TaskStreamOptions {
  readonly people: number; readonly days: number; readonly seed: number;
  /** The order of a task's steps, of person and day; by default the usual one, with a slip in one of ten. */
  readonly orderOf?: (who: number, day: number, usual: readonly number[]) => readonly number[];
  readonly tasksOf?: (who: number, day: number) => number;
}

/** People who work on tickets, Monday to Friday, four to seven a day, one after the other. In one task of ten a step is left out, or two change places. */
export function taskStream({ people, days, seed, orderOf = (_who, _day, usual) => usual, tasksOf }: TaskStreamOptions): Event[] {
  const random = new SeededRandom(seed);
  const events: Event[] = [];
  for (let day = 0; day < days; day += 1) {
    if (day % 7 >= 5) continue;
    for (let who = 0; who < people; who += 1) {
      const tasks = tasksOf?.(who, day) ?? 4 + random.below(4);
      for (let task = 0; task < tasks; task += 1) {
        const start = OFFICE_START + day * DAY_MS + 9 * HOUR_MS + task * (HOUR_MS - STEP_MS) + random.below(20 * 60_000);
        orderOf(who, day, slipped(random)).forEach((step, at) => {
          events.push(buildEvent({ id: `task-${who}-${day}-${task}-${at}`, time: start + at * STEP_MS + random.below(STEP_MS - 1_000), actor: { id: `agent-${who}`, group: 'desk' }, peerGroup: 'desk', client: { country: 'DE', asn: 3_000, userAgent: 'desk/1' }, ...TASK[step]! }));
        });
      }
    }
  }
  return inTimeOrder(events);
}

function slipped(random: SeededRandom): number[] {
  const order = TASK.map((_, step) => step);
  if (random.next() < 0.9) return order;
  const at = random.below(order.length - 1);
  if (random.next() < 0.5) order.splice(at, 1);
  else [order[at], order[at + 1]] = [order[at + 1]!, order[at]!];
  return order;
}
