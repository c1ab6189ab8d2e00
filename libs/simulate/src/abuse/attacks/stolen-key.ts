import { Scribe, sourceOf } from '../../activity/scribe.js';
import { datasetResource } from '../../world/catalogue.js';
import { attackerOf } from '../../world/networks.js';
import { DAY_MS, HOUR_MS } from '../../world/zone.js';
import type { Played } from '../abuse-case.js';
import { actorOfCustomer, type Customer } from '../customer.js';
import { at, countOf, diceOf, overDays, timesFrom, type Stage } from '../stage.js';

/** AP-5: a leaked key is resold. From a hosting company abroad: a look around, then calls of the dearest model, 2,000 in an hour, 400 in three, or 50 a day for six days at the owner's hours. */
export function stolenKey(stage: Stage, customer: Customer): Played {
  const calls = at(stage, { blatant: 2_000, moderate: 400, slow: 50 });
  const days = Array.from({ length: at(stage, { blatant: 1, moderate: 1, slow: 6 }) }, (_, i) => stage.firstDay + i);
  const thief = diceOf(stage, 'thief');
  const source = sourceOf(attackerOf(thief), '', thief.pick(['Go-http-client/2.0', 'axios/1.13.2', 'aiohttp/3.13.2']));
  return {
    entities: [{ type: 'key', id: customer.id }], lastDay: days.at(-1)!, description: `${customer.id} is used from another network for ${calls} calls${days.length > 1 ? ' a day' : ''}`,
    events: () => overDays(stage, days, function* (day, dice, nth) {
      const scribe = new Scribe(dice, actorOfCustomer(customer), source, stage.id);
      const start = day * DAY_MS + dice.between(9, 14) * HOUR_MS;
      if (nth === 0) {
        for (const [i, model] of ['assistant-large', 'code-assist', 'claims-extract', 'fraud-score'].entries()) yield scribe.inference(start + i * 4_000, 'chat', { model, inputTokens: dice.whole(4, 12), outputTokens: dice.whole(1, 8), finish: 'stop' });
        yield scribe.access(start + 18_000, 'read', datasetResource('ds/customers'), { outcome: 'denied', reason: 'scope does not cover the data set' });
      }
      for (const time of timesFrom(start + 30_000, at(stage, { blatant: 1, moderate: 3, slow: 5 }) * HOUR_MS, dice, countOf(dice, calls))) {
        if (dice.chance(0.04)) yield scribe.inference(time, 'chat', { model: 'assistant-large', inputTokens: 0, outputTokens: 0 }, { outcome: 'failure', reason: '429 too many requests' });
        else yield scribe.inference(time, 'chat', { model: 'assistant-large', inputTokens: Math.round(dice.logNormal(900, 0.9)), outputTokens: Math.round(dice.logNormal(420, 0.7)), finish: dice.chance(0.8) ? 'stop' : 'length' });
      }
    }),
  };
}
