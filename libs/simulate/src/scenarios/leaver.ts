import { Dice } from '../dice.js';
import type { SimulatedEvent } from '../native-event.js';
import { documentBytes, documentResource, newestDocument } from '../activity/documents.js';
import { Scribe, sourceOf } from '../activity/scribe.js';
import { application } from '../activity/sitting.js';
import { vpnOf } from '../world/networks.js';
import type { Person } from '../world/person.js';
import type { World } from '../world/world.js';
import type { Scenario } from './scenario.js';

export interface LeaverPlan { readonly nights: readonly { readonly start: number; readonly spanMs: number; readonly files: number }[] }

/**
 * Somebody who has given notice copies the department's share at night, from the own laptop over the company's VPN, with the own rights:
 * by default two nights, 130–260 files each in 45–100 minutes, from the own share and two neighbouring ones. Nothing about client, network
 * or permissions is unusual; the hour, the pace and the amount are (ATT&CK T1213, T1567).
 */
export function leaverNights(world: World, id: string, person: Person, plan: LeaverPlan): Scenario {
  return {
    id, kind: 'leaver_night_downloads', category: 'attack', entity: { type: 'user', id: person.id }, start: plan.nights[0]!.start,
    description: `${person.name} (${person.department.id}, has given notice) downloads ${plan.nights.reduce((sum, night) => sum + night.files, 0)} documents at night`,
    *events() {
      for (const [i, night] of plan.nights.entries()) yield* oneNight(new Dice(`${world.seed}/${id}/${i}`), person, id, night);
    },
  };
}

function* oneNight(dice: Dice, person: Person, label: string, night: LeaverPlan['nights'][number]): Generator<SimulatedEvent> {
  const actor = { id: person.id, type: 'user' as const, roles: [person.department.id], group: person.department.id, session: `s-${dice.text('0123456789abcdef', 12)}`, mfa: true };
  const scribe = new Scribe(dice, actor, sourceOf(vpnOf(person.office.country, person.slot), person.device, person.browser), label);
  const { day } = person.office.zone.local(night.start);
  const neighbours = dice.sample(['sales', 'finance', 'engineering', 'claims', 'marketing'].filter((each) => each !== person.department.id), 2);
  let at = night.start;
  yield scribe.access(at, 'logon', application('app/sso'));
  const gap = night.spanMs / (night.files * 1.25);
  let number = newestDocument(day) - dice.whole(200, 420);
  for (let i = 0; i < night.files; i += 1) {
    at += dice.logNormal(gap * 0.75, 0.7);
    if (dice.chance(0.02)) at += gap * dice.between(5, 15);
    const department = i < night.files * 0.7 ? person.department.id : neighbours[i % 2]!;
    number += dice.chance(0.9) ? 1 : dice.whole(2, 12);
    if (dice.chance(0.02)) yield scribe.access(at, 'download', documentResource(department, number), { outcome: 'denied', reason: 'no permission on the folder' });
    else yield scribe.access(at, 'download', documentResource(department, number), { bytes: documentBytes(department, number) });
  }
}
