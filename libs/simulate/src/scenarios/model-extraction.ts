import { actorOfKey } from '../activity/key-day.js';
import { Scribe, sourceOf } from '../activity/scribe.js';
import { Dice } from '../dice.js';
import type { SimulatedEvent } from '../native-event.js';
import type { ApiKey } from '../world/machines.js';
import type { World } from '../world/world.js';
import type { Scenario } from './scenario.js';

/**
 * One account labels inputs with our scoring model to train a copy: by default 2,500–6,000 queries in 2.5–5 hours to the model it is
 * allowed to use, from its usual network and client, inputs of one shape, probabilities asked for (ATLAS AML.T0024.002, AML.T0005.001).
 * 300 real rows already give a copy that agrees on nine of ten; this is what somebody takes who wants more.
 */
export function modelExtraction(world: World, id: string, key: ApiKey, plan: { readonly start: number; readonly spanMs: number; readonly queries: number }): Scenario {
  return {
    id, kind: 'model_extraction', category: 'attack', start: plan.start, entity: key.owner === null ? { type: 'key', id: key.id } : { type: 'user', id: key.owner.id },
    description: `${key.id} asks ${key.model} ${plan.queries} systematic questions with probabilities`,
    *events(): Generator<SimulatedEvent> {
      const dice = new Dice(`${world.seed}/${id}`);
      const scribe = new Scribe(dice, actorOfKey(key), sourceOf(key.place, '', key.userAgent), id);
      const gap = plan.spanMs / plan.queries;
      let at = plan.start;
      for (let i = 0; i < plan.queries; i += 1) {
        at += gap * dice.between(0.6, 1.4);
        if (dice.chance(0.006)) yield scribe.inference(at, 'generate_content', { model: key.model, inputTokens: 0, outputTokens: 0 }, { outcome: 'failure', reason: '429 too many requests' });
        else yield scribe.inference(at, 'generate_content', { model: key.model, inputTokens: 118 + (i % 7), outputTokens: dice.whole(4, 6), finish: 'stop', extra: { 'request.logprobs': true, 'request.temperature': 0, 'request.max_tokens': 8 } });
      }
    },
  };
}
