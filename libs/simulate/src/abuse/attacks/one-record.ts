import { datasetOf, recordResource } from '../../world/catalogue.js';
import type { Person } from '../../world/person.js';
import type { Played } from '../abuse-case.js';
import { at, countOf, diceOf, overDays, personScribe, timesAtWork, timesFrom, workdaysOf, type Stage } from '../stage.js';
import { HOUR_MS } from '../../world/zone.js';

/** IN-10, IA-3: one person's record (a neighbour, somebody known) is looked up again and again, without a case: 80 times in two hours, 12 times a day on four days, or three times a day on twenty. */
export function oneRecord(stage: Stage, person: Person): Played {
  const days = workdaysOf(stage, person, at(stage, { blatant: 1, moderate: 4, slow: 20 }));
  const looks = at(stage, { blatant: 80, moderate: 12, slow: 3 });
  const { records, purpose } = person.department;
  const resource = recordResource(records, `KM-${diceOf(stage, 'record').text('0123456789', 7)}`);
  return {
    entities: [{ type: 'user', id: person.id }], lastDay: days.at(-1)!, description: `${person.name} looks up ${resource.id} about ${looks} times${days.length > 1 ? ` on each of ${days.length} days` : ''}`,
    events: () => overDays(stage, days, function* (day, dice) {
      const scribe = personScribe(person, dice, stage.id);
      const count = countOf(dice, looks);
      const times = stage.intensity === 'blatant' ? timesFrom(person.office.zone.at(day, person.startHour + 2), 2 * HOUR_MS, dice, count) : timesAtWork(person, day, dice, count);
      for (const time of times) yield scribe.access(time, 'read', resource, { purpose, rows: 1, bytes: datasetOf(records).bytesPerRow });
    }),
  };
}
