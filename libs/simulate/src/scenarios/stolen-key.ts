import { actorOfKey } from '../activity/key-day.js';
import { Scribe, sourceOf } from '../activity/scribe.js';
import { Dice } from '../dice.js';
import type { SimulatedEvent } from '../native-event.js';
import { datasetResource } from '../world/catalogue.js';
import type { ApiKey } from '../world/machines.js';
import { attackerOf } from '../world/networks.js';
import type { World } from '../world/world.js';
import type { Scenario } from './scenario.js';

/**
 * A key that leaked is used from a hosting company abroad: a look around (models, a data set), then bulk calls of the dearest model, resold
 * to others (LLMjacking): by default 900–2,200 calls in 40–90 minutes, 4 % of them refused by a rate limit. ATT&CK T1078, T1496; ATLAS AML.T0034.
 */
export function stolenKey(world: World, id: string, key: ApiKey, plan: { readonly start: number; readonly spanMs: number; readonly calls: number }): Scenario {
  return {
    id, kind: 'stolen_key', category: 'attack', start: plan.start, entity: key.owner === null ? { type: 'key', id: key.id } : { type: 'user', id: key.owner.id },
    description: `${key.id}${key.owner === null ? '' : ` of ${key.owner.name}`} is used from an unknown network for ${plan.calls} calls`,
    *events(): Generator<SimulatedEvent> {
      const dice = new Dice(`${world.seed}/${id}`);
      const scribe = new Scribe(dice, actorOfKey(key), sourceOf(attackerOf(dice), '', dice.pick(['Go-http-client/2.0', 'axios/1.13.2', 'aiohttp/3.13.2'])), id);
      let at = plan.start;
      for (const model of ['assistant-large', 'code-assist', 'claims-extract', 'fraud-score']) {
        yield scribe.inference(at, 'chat', { model, inputTokens: dice.whole(4, 12), outputTokens: dice.whole(1, 8), finish: 'stop' });
        at += dice.between(2_000, 9_000);
      }
      yield scribe.access(at, 'read', datasetResource('ds/customers'), { outcome: 'denied', reason: 'scope does not cover the data set' });
      const gap = (plan.spanMs - (at - plan.start)) / plan.calls;
      for (let i = 0; i < plan.calls; i += 1) {
        at += dice.exponential(gap);
        if (dice.chance(0.04)) yield scribe.inference(at, 'chat', { model: 'assistant-large', inputTokens: 0, outputTokens: 0 }, { outcome: 'failure', reason: '429 too many requests' });
        else yield scribe.inference(at, 'chat', { model: 'assistant-large', inputTokens: Math.round(dice.logNormal(900, 0.9)), outputTokens: Math.round(dice.logNormal(420, 0.7)), finish: dice.chance(0.8) ? 'stop' : 'length' });
      }
    },
  };
}
