import { datasetOf, datasetResource } from '../../world/catalogue.js';
import type { Person } from '../../world/person.js';
import type { Played } from '../abuse-case.js';
import { at, countOf, overDays, personScribe, timesAtWork, workdaysOf, type Stage } from '../stage.js';

/**
 * PU-1, PU-2: data collected for one thing is used for another. Customers read for ad targeting, which the register denies, 60 times in a day; for product research, which it does not know, 12 times on each
 * of three days; or under the name of support, which is allowed but not this person's work, twice a day for ten days.
 */
export function purposeMisuse(stage: Stage, person: Person): Played {
  const days = workdaysOf(stage, person, at(stage, { blatant: 1, moderate: 3, slow: 10 }));
  const purpose = at(stage, { blatant: 'ad-targeting', moderate: 'product-research', slow: 'support' });
  return {
    entities: [{ type: 'user', id: person.id }], lastDay: days.at(-1)!, description: `${person.name} (${person.department.id}) reads customers for ${purpose}`,
    events: () => overDays(stage, days, function* (day, dice) {
      const scribe = personScribe(person, dice, stage.id);
      for (const time of timesAtWork(person, day, dice, countOf(dice, at(stage, { blatant: 60, moderate: 12, slow: 2 })))) {
        const rows = Math.round(dice.logNormal(at(stage, { blatant: 400, moderate: 200, slow: 60 }), 0.8));
        yield scribe.access(time, 'read', datasetResource('ds/customers'), { purpose, rows, bytes: rows * datasetOf('ds/customers').bytesPerRow });
      }
    }),
  };
}
