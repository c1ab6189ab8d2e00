import type { Dice } from '../../dice.js';
import type { SimulatedEvent } from '../../native-event.js';
import { mergeStreams } from '../../merge-streams.js';
import { DAY_MS, HOUR_MS } from '../../world/zone.js';
import type { Played } from '../abuse-case.js';
import { customerScribe, type Customer } from '../customer.js';
import { at, countOf, diceOf, overDays, timesFrom, type Stage } from '../stage.js';

interface Pace { readonly days: number; readonly queries: number; readonly hours: number }

/** Inputs of one shape, probabilities asked for, to the model that the key is for, from its own network and client. */
function* asks(stage: Stage, customer: Customer, pace: Pace, day: number, dice: Dice, startHour: number): Generator<SimulatedEvent> {
  const scribe = customerScribe(customer, dice, day, stage.id);
  let nth = 0;
  for (const time of timesFrom(day * DAY_MS + startHour * HOUR_MS, pace.hours * HOUR_MS, dice, countOf(dice, pace.queries))) {
    nth += 1;
    if (dice.chance(0.006)) yield scribe.inference(time, 'generate_content', { model: customer.model, inputTokens: 0, outputTokens: 0 }, { outcome: 'failure', reason: '429 too many requests' });
    else yield scribe.inference(time, 'generate_content', { model: customer.model, inputTokens: 118 + (nth % 7), outputTokens: dice.whole(4, 6), finish: 'stop', extra: { 'request.logprobs': true, 'request.temperature': 0, 'request.max_tokens': 8 } });
  }
}

const daysOf = (stage: Stage, { days }: Pace): number[] => Array.from({ length: days }, (_, i) => stage.firstDay + i);

/** ME-1, ME-2: one account labels inputs to train a copy: 5,000 in four hours, 1,500 on each of two days, or 200 on each of ten (300 real rows already give a copy that agrees on nine of ten). */
export function extractionOne(stage: Stage, customer: Customer): Played {
  const pace = at<Pace>(stage, { blatant: { days: 1, queries: 5_000, hours: 4 }, moderate: { days: 2, queries: 1_500, hours: 8 }, slow: { days: 10, queries: 200, hours: 9 } });
  return {
    entities: [{ type: 'key', id: customer.id }], lastDay: stage.firstDay + pace.days - 1, description: `${customer.id} asks ${customer.model} ${pace.queries} systematic questions${pace.days > 1 ? ` on each of ${pace.days} days` : ''}`,
    events: () => overDays(stage, daysOf(stage, pace), (day, dice) => asks(stage, customer, pace, day, dice, dice.between(7.5, 11))),
  };
}

/** ME-3: the same by ten accounts, the work split evenly and in step: 500 each in four hours, 150 each on three days, or 25 each on ten. */
export function extractionTen(stage: Stage, customers: readonly Customer[]): Played {
  const pace = at<Pace>(stage, { blatant: { days: 1, queries: 500, hours: 4 }, moderate: { days: 3, queries: 150, hours: 6 }, slow: { days: 10, queries: 25, hours: 9 } });
  return {
    entities: customers.map(({ id }) => ({ type: 'key' as const, id })), lastDay: stage.firstDay + pace.days - 1,
    description: `${customers.length} keys ask ${pace.queries} systematic questions each${pace.days > 1 ? ` on each of ${pace.days} days` : ''}`,
    events: () => mergeStreams(customers.map((customer, which) => overDays(stage, daysOf(stage, pace), (day) => {
      const dice = diceOf(stage, `${which}/${day}`);
      return asks(stage, customer, pace, day, dice, 9 + 0.05 * dice.next());
    }))),
  };
}
