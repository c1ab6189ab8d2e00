import { arrivals, type Curve } from '../activity/day-curve.js';
import { Scribe, sourceOf } from '../activity/scribe.js';
import { Dice } from '../dice.js';
import type { NativeActor, SimulatedEvent } from '../native-event.js';
import type { ApiKey } from '../world/machines.js';
import type { Place } from '../world/networks.js';
import type { World } from '../world/world.js';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../world/zone.js';

/** A company outside that calls our models with a key of its own. */
export interface Customer extends ApiKey {
  readonly curve: Curve;
  /** Spread of a day around the habit: sigma of its logarithm. */
  readonly unsteadiness: number;
  /** Hour (UTC) of a nightly batch, and its share of the day's calls; most have none. */
  readonly batch: { readonly hour: number; readonly share: number } | null;
  /** Share of days on which old data are sent through once more, many times a day's calls within hours; most customers never do. */
  readonly backfills: number;
  /** Share of days with spurts: what has gathered is sent at once, several times on such a day; for most it never does. */
  readonly spurts: number;
  readonly inputTokens: number;
  /** Asks for probabilities, as some do always. */
  readonly logprobs: boolean;
  /** A release of theirs: from this day on, this many times the calls. */
  readonly release: { readonly day: number; readonly factor: number };
  /** From this day on calls come from there. */
  readonly move: { readonly day: number; readonly place: Place; readonly userAgent: string } | null;
}

/** Hours in which the provider of the models is down, epoch ms. */
export interface Outage { readonly from: number; readonly to: number }

const AGENTS = ['python-requests/2.32.3', 'axios/1.13.2', 'okhttp/5.1.0', 'Go-http-client/2.0', 'openai-python/2.8.1', 'python-httpx/0.28.1', 'ruby/3.4', 'Java-http-client/21'] as const;
const CLOUDS = [{ asn: 64511, country: 'DE' }, { asn: 64512, country: 'IE' }, { asn: 64513, country: 'US' }, { asn: 64514, country: 'NL' }, { asn: 64515, country: 'SG' }] as const;
const MINUTES_OF_RETRY = 2;
/** Customers whose hours are spiky by nature. */
const SPIKY_SHARE = 0.35;
const SPURT_CALLS_MAX = 600;

export function customerPlace(dice: Dice, index: number): Place {
  return { ip: `198.19.${128 + (index & 63)}.${2 + dice.whole(0, 240)}`, ...dice.pick(CLOUDS) };
}

export function createCustomers(seed: number, count: number, eventsPerDay: number, firstDay: number, lastDay: number, movers: number, moveDay: number): Customer[] {
  return Array.from({ length: count }, (_, index) => {
    const dice = new Dice(`${seed}/customer/${index}`);
    const place = customerPlace(dice, index);
    const userAgent = dice.pick(AGENTS);
    const release = dice.chance(0.15) ? { day: dice.whole(firstDay, lastDay), factor: dice.between(1.3, 2.2) } : { day: lastDay + 1, factor: 1 };
    return {
      id: `key/customer-${String(index + 1).padStart(3, '0')}`, use: 'customer' as const, owner: null, contact: 'sales', place, userAgent,
      eventsPerDay: dice.logNormal(eventsPerDay, 0.7), model: dice.weighted([['fraud-score', 4], ['assistant-small', 4], ['claims-extract', 3]] as const),
      curve: dice.weighted([['europe', 4], ['business', 3], ['consumer', 3], ['steady', 2], ['america', 2]] as const), unsteadiness: dice.between(0.15, 0.55),
      batch: dice.chance(0.2) ? { hour: dice.between(0, 23), share: dice.between(0.2, 0.7) } : null, backfills: dice.chance(0.45) ? dice.between(0.04, 0.16) : 0.004, spurts: new Dice(`${seed}/customer/${index}/spurts`).chance(SPIKY_SHARE) ? new Dice(`${seed}/customer/${index}/spurt-days`).between(0.25, 0.75) : 0, inputTokens: dice.logNormal(300, 0.7), logprobs: dice.chance(0.12), release,
      move: index < movers ? { day: moveDay, place: customerPlace(dice, index + 64), userAgent: dice.chance(0.4) ? dice.pick(AGENTS) : userAgent } : null,
    };
  });
}

export const actorOfCustomer = ({ id }: Customer): NativeActor => ({ id, type: 'key', group: 'customers' });
/** How it calls on a day, from where it calls then. */
export function customerScribe(customer: Customer, dice: Dice, day: number, label?: string): Scribe {
  const { move } = customer;
  const moved = move !== null && day >= move.day;
  return new Scribe(dice, actorOfCustomer(customer), sourceOf(moved ? move.place : customer.place, '', moved ? move.userAgent : customer.userAgent), label);
}

/** A call as this customer makes it. */
export function call(customer: Customer, scribe: Scribe, at: number): SimulatedEvent {
  const { dice } = scribe;
  const scoring = customer.model === 'fraud-score';
  return scribe.inference(at, scoring ? 'generate_content' : 'chat', {
    model: customer.model, inputTokens: Math.max(1, Math.round(dice.logNormal(customer.inputTokens, scoring ? 0.2 : 0.6))), outputTokens: scoring ? dice.whole(4, 9) : Math.round(dice.logNormal(150, 0.6)), finish: 'stop',
    ...(customer.logprobs ? { extra: { 'request.logprobs': true } } : {}),
  });
}

/** One UTC day of a customer's key, in time order: calls through the day, a batch, a backfill, what fails, and what is tried again in an outage. */
export function* customerDay(world: World, customer: Customer, day: number, outages: readonly Outage[]): Generator<SimulatedEvent, void, undefined> {
  const dice = new Dice(`${world.seed}/${customer.id}/${day}`);
  const scribe = customerScribe(customer, dice, day);
  const mean = customer.eventsPerDay * (day >= customer.release.day ? customer.release.factor : 1) * Math.exp(customer.unsteadiness * dice.normal()) * (dice.chance(0.02) ? dice.between(1.8, 3.5) : 1);
  const times = [...arrivals(world, dice, day, customer.curve, mean * (1 - (customer.batch?.share ?? 0)))];
  if (customer.batch !== null && !dice.chance(0.06)) {
    let at = day * DAY_MS + customer.batch.hour * HOUR_MS + dice.between(0, 10 * MINUTE_MS);
    for (let left = Math.round(mean * customer.batch.share); left > 0 && at < (day + 1) * DAY_MS; left -= 1) times.push(at += dice.logNormal(4_000, 0.6));
  }
  if (dice.chance(customer.backfills)) {
    const span = dice.between(0.3, 2.5) * HOUR_MS;
    const from = day * DAY_MS + dice.between(1, 20) * HOUR_MS;
    for (let left = Math.round(Math.min(800, dice.logNormal(10 * customer.eventsPerDay, 0.8))); left > 0; left -= 1) times.push(from + dice.between(0, span));
  }
  if (customer.spurts > 0) {
    const own = new Dice(`${world.seed}/${customer.id}/${day}/spurts`);
    if (own.chance(customer.spurts)) for (let spurts = 1 + own.poisson(0.8); spurts > 0; spurts -= 1) {
      const from = day * DAY_MS + own.between(0, 23.2) * HOUR_MS;
      const span = own.between(4, 40) * MINUTE_MS;
      for (let left = Math.round(Math.min(SPURT_CALLS_MAX, own.logNormal(5 * customer.eventsPerDay, 0.9))); left > 0; left -= 1) times.push(from + own.between(0, span));
    }
  }
  const down = (at: number): boolean => outages.some(({ from, to }) => at >= from && at < to);
  const tries: { readonly at: number; readonly again: number }[] = times.map((at) => ({ at, again: 0 }));
  tries.sort((a, b) => a.at - b.at);
  for (let i = 0; i < tries.length; i += 1) {
    const { at, again } = tries[i]!;
    if (down(at) && dice.chance(0.9)) {
      yield scribe.inference(at, 'chat', { model: customer.model, inputTokens: 0, outputTokens: 0 }, { outcome: 'error', reason: '503 upstream unavailable' });
      if (again < 3) {
        const next = { at: at + dice.exponential(MINUTES_OF_RETRY * MINUTE_MS), again: again + 1 };
        let place = i + 1;
        while (place < tries.length && tries[place]!.at < next.at) place += 1;
        tries.splice(place, 0, next);
      }
    } else if (dice.chance(0.008)) yield scribe.inference(at, 'chat', { model: customer.model, inputTokens: 0, outputTokens: 0 }, { outcome: 'failure', reason: '429 too many requests' });
    else yield call(customer, scribe, at);
  }
}
