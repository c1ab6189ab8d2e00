import { EVENT_FLAG, type Event } from '@wary/model/event.js';
import { buildEvent } from './event-builder.js';
import { SeededRandom } from './seeded-random.js';

const START = Date.UTC(2026, 5, 1, 7);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Anything that can come: bursts, silences of hours and of days, late events, resends, the future, marks, events of nobody, canaries. */
export function anything(seed: number, count: number): Event[] {
  const random = new SeededRandom(seed);
  const events: { readonly event: Event; readonly at: number }[] = [];
  let time = START + random.below(20 * HOUR);
  for (let i = 0; i < count; i += 1) {
    const step = random.below(400);
    time += step === 0 ? random.below(12 * 24 * HOUR) : step < 6 ? random.below(9 * HOUR) : random.below(7 * MINUTE);
    const user = random.below(14);
    const id = random.below(60) === 0 ? '' : `p-${user}`;
    const future = random.below(90) === 0;
    const event = buildEvent({
      tenant: user % 4 === 0 ? 'acme' : 'default', id: `e-${i}`, time: future ? time + 40 * 24 * HOUR : time, flags: future ? EVENT_FLAG.future : 0,
      kind: random.pick(['access', 'access', 'access', 'inference', 'identity', 'posture']), action: random.pick(['read', 'read', 'download', 'status', 'send', 'chat']), outcome: random.next() < 0.1 ? 'denied' : 'success',
      actor: { type: user % 5 === 0 ? 'agent' : 'user', id }, peerGroup: random.below(200) === 0 ? 'elsewhere' : `group-${user % 6}`, bytes: random.below(3) === 0 ? random.below(1e6) : null,
      resource: { id: `r/${random.below(40)}`, type: random.pick(['file', 'secret', 'host']) }, client: { country: random.pick(['DE', 'DE', 'SG']), ip: `10.${user}.0.1` },
      canaries: random.below(150) === 0 ? ['c'] : [], injection: random.below(5) === 0 ? 0.9 : 0, piiOutput: random.below(9) === 0 ? { email: random.below(40) } : {}, tzOffsetMinutes: 60,
    });
    events.push({ event, at: time + (random.below(4) === 0 ? random.below(50 * MINUTE) : 0) });
    if (random.below(40) === 0) events.push({ event, at: time + random.below(20 * MINUTE) });
  }
  return events.sort((a, b) => a.at - b.at).map(({ event }) => event);
}
