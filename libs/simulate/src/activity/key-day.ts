import { Dice } from '../dice.js';
import type { NativeActor, SimulatedEvent } from '../native-event.js';
import { datasetResource } from '../world/catalogue.js';
import type { ApiKey } from '../world/machines.js';
import type { World } from '../world/world.js';
import { DAY_MS, HOUR_MS, weekdayOf } from '../world/zone.js';
import { arrivals, type Curve } from './day-curve.js';
import { Scribe, sourceOf } from './scribe.js';

type Stream = Generator<SimulatedEvent, void, undefined>;

export const actorOfKey = (key: ApiKey): NativeActor => ({ id: key.id, type: 'key', group: key.owner?.department.id ?? 'integration-keys' });
const CURVES: { readonly [use in ApiKey['use']]?: Curve } = { partner: 'europe', mobile: 'consumer', dashboard: 'steady', labelling: 'europe' };

/** One UTC day of an API key. */
export function* keyDay(world: World, key: ApiKey, day: number): Stream {
  const dice = new Dice(`${world.seed}/${key.id}/${day}`);
  const scribe = new Scribe(dice, actorOfKey(key), sourceOf(key.place, '', key.userAgent));
  if (key.use === 'notebook') yield* notebook(world, key, scribe, day);
  else if (key.use === 'evaluation') {
    // A regression run after the nightly build, a larger one on Wednesdays.
    if (world.calendar.isWorkday(day, 'DE')) yield* evaluation(scribe, key.model, day * DAY_MS + 4 * HOUR_MS + dice.between(0, 900_000), Math.round((weekdayOf(day) === 2 ? 3.2 : 0.8) * key.eventsPerDay), 1_800);
  } else for (const at of arrivals(world, dice, day, CURVES[key.use] ?? 'steady', key.eventsPerDay)) yield one(key, scribe, at);
}

function one(key: ApiKey, scribe: Scribe, at: number): SimulatedEvent {
  const { dice } = scribe;
  if (dice.chance(0.008)) return scribe.inference(at, 'chat', { model: key.model, inputTokens: 0, outputTokens: 0 }, { outcome: 'failure', reason: '429 too many requests' });
  if (key.use === 'partner' && dice.chance(0.5)) return scribe.access(at, dice.chance(0.3) ? 'write' : 'read', datasetResource('ds/claims'), { purpose: 'partner-service', rows: dice.whole(1, 3), bytes: dice.logNormal(4_000, 0.9) });
  if (key.model === 'fraud-score') return scribe.inference(at, 'generate_content', { model: key.model, inputTokens: Math.round(dice.logNormal(120, 0.35)), outputTokens: dice.whole(4, 9), finish: 'stop' });
  return scribe.inference(at, 'chat', { model: key.model, inputTokens: Math.round(dice.logNormal(420, 0.7)), outputTokens: Math.round(dice.logNormal(160, 0.6)), finish: 'stop' });
}

/** `count` questions of a fixed test set to one model, one after another. */
export function* evaluation(scribe: Scribe, model: string, start: number, count: number, gapMs: number): Stream {
  const { dice } = scribe;
  let at = start;
  for (let i = 0; i < count; i += 1) {
    yield scribe.inference(at, 'chat', { model, inputTokens: Math.round(dice.logNormal(650, 0.4)), outputTokens: Math.round(dice.logNormal(140, 0.4)), finish: 'stop' }, { purpose: 'evaluation', attributes: { run: `eval-${new Date(start).toISOString().slice(0, 10)}` } });
    at += dice.logNormal(gapMs, 0.4);
  }
}

/** A person's own key in a notebook: nothing on most days, then a few bursts while something is tried out. */
function* notebook(world: World, key: ApiKey, scribe: Scribe, day: number): Stream {
  const { dice } = scribe;
  const owner = key.owner!;
  if (!world.calendar.isWorkday(day, owner.office.country) || day < owner.joinDay || dice.chance(0.35)) return;
  let at = owner.office.zone.at(day, owner.startHour + dice.between(0.5, 2));
  const last = owner.office.zone.at(day, owner.startHour + 8);
  for (let bursts = 1 + dice.poisson(1.2); bursts > 0 && at < last; bursts -= 1) {
    for (let left = Math.round(dice.logNormal(key.eventsPerDay / 2.2, 0.7)); left > 0; left -= 1) {
      yield scribe.inference(at, 'chat', { model: key.model, inputTokens: Math.round(dice.logNormal(500, 0.8)), outputTokens: Math.round(dice.logNormal(200, 0.7)), finish: 'stop' }, dice.chance(0.02) ? { outcome: 'failure', reason: '400 context too long' } : {});
      at += dice.logNormal(5_000, 0.8);
    }
    at += dice.exponential(1.6 * HOUR_MS);
  }
}
