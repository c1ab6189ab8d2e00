import { Dice } from '@wary/simulate/dice.js';
import type { AbuseCompany } from '@wary/simulate/abuse/abuse-company.js';
import type { SimulatedEvent } from '@wary/simulate/native-event.js';

/** How attackers hide: noise of so much of what their principals do, and only every second of the attack's days. */
export interface Disguise { readonly chaff: number; readonly alternate: boolean }

const DAY_MS = 86_400_000;
/** Of a principal's own events, to be copied. */
const KEPT_MAX = 200;
const ID_CHARS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/**
 * The company's events as attackers in disguise would leave them. Chaff: from the first live day until its attack is over, each event of an attacked principal is followed,
 * with this chance, by a copy of one of its own last two hundred, which are as like it as noise can be. Alternate: of the UTC days on which an attack has events every second is left out.
 */
export function* disguised({ cases, liveStart, events }: AbuseCompany, { chaff, alternate }: Disguise, seed: number): Generator<SimulatedEvent, void, undefined> {
  const until = new Map<string, number>();
  const attacks = new Set<string>();
  for (const one of cases) {
    if (one.category !== 'attack') continue;
    attacks.add(one.id);
    for (const { id } of one.entities) until.set(id, Math.max(until.get(id) ?? 0, (one.lastDay + 1) * DAY_MS));
  }
  const dice = new Dice(`${seed}/chaff`);
  const past = new Map<string, SimulatedEvent[]>();
  const days = new Map<string, number[]>();
  for (const event of events()) {
    const { at, label } = event;
    const isAttack = label !== undefined && attacks.has(label);
    if (alternate && isAttack) {
      const active = days.get(label) ?? [];
      const day = Math.floor(at / DAY_MS);
      if (active.at(-1) !== day) active.push(day);
      days.set(label, active);
      if (active.length % 2 === 0) continue;
    }
    yield event;
    const last = until.get(event.event.actor.id);
    if (chaff === 0 || last === undefined) continue;
    let own = past.get(event.event.actor.id);
    if (own === undefined) past.set(event.event.actor.id, (own = []));
    if (at >= liveStart && at < last && own.length > 0 && dice.chance(chaff)) {
      const { event: copied } = dice.pick(own);
      yield { at, event: { ...copied, id: dice.text(ID_CHARS, 26), time: new Date(at).toISOString() } };
    }
    if (isAttack) continue;
    if (own.length < KEPT_MAX) own.push(event);
    else own[dice.whole(0, KEPT_MAX - 1)] = event;
  }
}
