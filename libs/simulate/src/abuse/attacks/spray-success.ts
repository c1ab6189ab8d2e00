import { documentBytes, documentResource, newestDocument } from '../../activity/documents.js';
import { Scribe, sourceOf } from '../../activity/scribe.js';
import { application } from '../../activity/sitting.js';
import type { SimulatedEvent } from '../../native-event.js';
import { attackerOf } from '../../world/networks.js';
import type { Person } from '../../world/person.js';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../world/zone.js';
import type { Played } from '../abuse-case.js';
import { at, diceOf, type Stage } from '../stage.js';

/**
 * AP-1, IN-8: common passwords are tried on many accounts from one hosting company, until one opens, which is then used to read: 200 tries on the account itself and 300 files, two tries on each of 60
 * accounts in an hour and 40 files, or one try on each account over two days and 15 files.
 */
export function spraySuccess(stage: Stage, person: Person): Played {
  const source = sourceOf(attackerOf(diceOf(stage, 'source')), '', 'python-requests/2.32.3');
  const files = at(stage, { blatant: 300, moderate: 40, slow: 15 });
  return {
    entities: [{ type: 'user', id: person.id }], lastDay: stage.firstDay + at(stage, { blatant: 0, moderate: 0, slow: 2 }), description: `Passwords are tried on many accounts; that of ${person.name} opens, and ${files} documents are read`,
    *events(): Generator<SimulatedEvent> {
      const dice = diceOf(stage, 'tries');
      const as = (who: Person): Scribe => new Scribe(dice, { id: who.id, type: 'user', roles: [who.department.id], group: who.department.id }, source, stage.id);
      let time = stage.firstDay * DAY_MS + dice.between(7, 15) * HOUR_MS;
      const others = dice.sample(stage.world.people.filter((each) => each !== person && each.joinDay === Number.NEGATIVE_INFINITY), at(stage, { blatant: 0, moderate: 60, slow: stage.world.people.length }));
      const tries = at(stage, { blatant: [...Array<Person>(200).fill(person)], moderate: [...others, person, ...others, person], slow: [...others, person] });
      const gap = at(stage, { blatant: 4_000, moderate: HOUR_MS / 120, slow: (2 * DAY_MS) / others.length });
      for (const who of tries) {
        yield as(who).access(time, 'logon', application('app/sso'), { outcome: 'failure', reason: 'wrong password' });
        time += dice.exponential(gap);
      }
      const thief = as(person);
      yield thief.access(time, 'logon', application('app/sso'));
      let number = newestDocument(stage.firstDay) - dice.whole(100, 400);
      for (let i = 0; i < files; i += 1) {
        time += dice.logNormal(at(stage, { blatant: 6_000, moderate: MINUTE_MS, slow: 2 * MINUTE_MS }), 0.6);
        number += 1;
        yield thief.access(time, dice.chance(0.7) ? 'download' : 'read', documentResource(person.department.id, number), { bytes: documentBytes(person.department.id, number) });
      }
    },
  };
}
