import type { Event } from '@wary/model/event.js';
import { buildEvent, inTimeOrder, principalOf } from './event-builder.js';
import { OFFICE_START } from './office-stream.js';
import { SeededRandom } from './seeded-random.js';

const HOUR_MS = 3_600_000;

/** One decision of the model, before it becomes an event. */
export interface Decision { amount: number; country: string; confidence: number; label: string; wrong: boolean; latencyMs: number; version: string; failed: boolean; /** Of the person it is about. */ group: 'f' | 'm' }

export interface ModelStreamOptions {
  readonly days: number;
  readonly seed?: number;
  /** Decisions an hour by day and by night. */
  readonly perHour?: number;
  /** Hour of the stream; changes the decision in place. */
  readonly change?: (decision: Decision, hour: number, random: SeededRandom) => void;
  readonly model?: string;
}

export const MODEL_STREAM_START = OFFICE_START;

/**
 * A model that decides over payments, asked by four services around the clock (by night half as much, of smaller amounts), sure of itself in nine of ten; two
 * hours later a label says what would have been right. Women and men are decided about alike.
 */
export function modelStream({ days, seed = 5, perHour = 12, change = () => undefined, model = 'fraud' }: ModelStreamOptions): Event[] {
  const random = new SeededRandom(seed);
  const events: Event[] = [];
  for (let hour = 0; hour < days * 24; hour += 1) {
    const night = hour % 24 < 6;
    for (let n = 0; n < (night ? perHour / 2 : perHour); n += 1) {
      const sure = random.next() < 0.9;
      const decision: Decision = {
        amount: Math.round(Math.exp((night ? 3 : 3.6) + random.next() + random.next() - 1) * 100) / 100, country: random.next() < 0.7 ? 'DE' : random.next() < 0.6 ? 'FR' : 'PL',
        confidence: sure ? 0.93 + 0.06 * random.next() : 0.55 + 0.3 * random.next(), label: random.next() < 0.88 ? 'approve' : 'decline', wrong: false, latencyMs: 20 + random.below(30), version: '7', failed: random.next() < 0.01, group: (hour * 5 + n * 3) % 7 < 3 ? 'f' : 'm',
      };
      decision.wrong = random.next() < 1 - decision.confidence;
      change(decision, hour, random);
      const { amount, country, confidence, label, wrong, latencyMs, version, failed, group } = decision;
      const service = principalOf('service', `svc-payments-${n % 4}`);
      const time = MODEL_STREAM_START + hour * HOUR_MS + random.below(HOUR_MS);
      const ml = { model, version, label, confidence, features: { amount, country }, subject: '', groups: { sex: group }, attribution: {}, truth: null };
      events.push(buildEvent({ ...service, id: `${model}-${hour}-${n}`, time, kind: 'inference', action: 'predict', outcome: failed ? 'error' : 'success', latencyMs, resource: { id: 'ds/payments', type: 'dataset' }, ml }));
      events.push(buildEvent({ ...service, id: `${model}-${hour}-${n}-truth`, time: time + 2 * HOUR_MS, kind: 'outcome', action: 'label', resource: { id: 'ds/payments', type: 'dataset' }, ml: { ...ml, features: null, truth: wrong ? 'other' : label } }));
    }
  }
  return inTimeOrder(events);
}
