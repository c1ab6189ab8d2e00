import { datasetOf, datasetResource, secretResource } from '../../world/catalogue.js';
import type { Person } from '../../world/person.js';
import { MINUTE_MS } from '../../world/zone.js';
import type { Played } from '../abuse-case.js';
import { at, diceOf, overDays, personScribe, timesAtWork, workdaysOf, type Stage } from '../stage.js';

const RIGHTS = ['ds/payroll', 'ds/customers', 'secret/prod/claims-db', 'ds/claims', 'ds/hr-records', 'secret/prod/signing-key', 'ds/ledger', 'ds/training-claims'] as const;

/** IN-4: an administrator gives rights to the own account and uses them: eight in a day, one every second day for ten days, or one a week for six weeks; each is used a few times when it is new. */
export function privilegeCreep(stage: Stage, person: Person): Played {
  const working = workdaysOf(stage, person, at(stage, { blatant: 1, moderate: 10, slow: 28 }));
  const days = working.filter((_, i) => i % at(stage, { blatant: 1, moderate: 2, slow: 5 }) === 0);
  const rights = diceOf(stage, 'rights').sample(RIGHTS, RIGHTS.length);
  return {
    entities: [{ type: 'user', id: person.id }], lastDay: days.at(-1)!, description: `${person.name} gives ${stage.intensity === 'blatant' ? 'eight rights' : 'one right after the other'} to the own account and uses them`,
    events: () => overDays(stage, days, function* (day, dice, nth) {
      const scribe = personScribe(person, dice, stage.id);
      const gained = stage.intensity === 'blatant' ? rights : [rights[nth % rights.length]!];
      for (const [i, time] of timesAtWork(person, day, dice, gained.length).entries()) {
        const object = gained[i]!;
        let now = time;
        yield scribe.access(now, 'grant', { id: person.id, type: 'user' }, { attributes: { grant: 'admin', object } });
        for (let uses = dice.whole(2, 4); uses > 0; uses -= 1) {
          now += dice.logNormal(MINUTE_MS / 8, 0.5);
          if (object.startsWith('secret/')) yield scribe.access(now, 'read', secretResource(object), { bytes: 64 });
          else { const rows = Math.round(dice.logNormal(300, 0.8)); yield scribe.access(now, 'read', datasetResource(object), { rows, bytes: rows * datasetOf(object).bytesPerRow }); }
        }
      }
    }),
  };
}
