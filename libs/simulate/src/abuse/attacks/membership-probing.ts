import { DAY_MS, HOUR_MS } from '../../world/zone.js';
import type { Played } from '../abuse-case.js';
import { customerScribe, type Customer } from '../customer.js';
import { at, countOf, diceOf, overDays, type Stage } from '../stage.js';

/**
 * IA-1, by labels and confidences: each candidate record is asked with a score of neighbours of nearly the same length, by a key that never asked for probabilities:
 * 2,000 questions in two hours, 300 on each of three days, or 40 on each of fourteen.
 */
export function membershipProbing(stage: Stage, customer: Customer): Played {
  const days = Array.from({ length: at(stage, { blatant: 1, moderate: 3, slow: 14 }) }, (_, i) => stage.firstDay + i);
  const queries = at(stage, { blatant: 2_000, moderate: 300, slow: 40 });
  const neighbours = 20;
  return {
    entities: [{ type: 'key', id: customer.id }], lastDay: days.at(-1)!, description: `${customer.id} asks about ${Math.ceil(queries / neighbours)} candidates ${neighbours} times each${days.length > 1 ? ` on each of ${days.length} days` : ''}`,
    events: () => overDays(stage, days, function* (day) {
      const dice = diceOf(stage, day);
      const scribe = customerScribe(customer, dice, day, stage.id);
      let time = day * DAY_MS + dice.between(8, 13) * HOUR_MS;
      const total = countOf(dice, queries);
      const pause = (at(stage, { blatant: 2, moderate: 4, slow: 5 }) * HOUR_MS) / (total / neighbours);
      for (let asked = 0; asked < total;) {
        const length = Math.round(dice.logNormal(customer.inputTokens, 0.2));
        for (let i = 0; i < neighbours && asked < total; i += 1, asked += 1) {
          time += dice.logNormal(Math.min(1_500, pause / neighbours / 2), 0.4);
          yield scribe.inference(time, 'chat', { model: customer.model, inputTokens: length + dice.whole(-1, 1), outputTokens: dice.whole(2, 5), finish: 'stop', extra: { 'request.logprobs': true, 'request.temperature': 0 } });
        }
        time += dice.exponential(pause / 2);
      }
    }),
  };
}
