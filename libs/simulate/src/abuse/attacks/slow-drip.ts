import { documentBytes, documentResource, newestDocument } from '../../activity/documents.js';
import type { Person } from '../../world/person.js';
import type { Played } from '../abuse-case.js';
import { at, countOf, overDays, personScribe, timesAtWork, workdaysOf, type Stage } from '../stage.js';

/** IN-1, low and slow: on each working day of forty days some documents of the own share are downloaded among the day's work, at the desk: 30, 12 or 5 a day. */
export function slowDrip(stage: Stage, person: Person): Played {
  const files = at(stage, { blatant: 30, moderate: 12, slow: 5 });
  const days = workdaysOf(stage, person, 40).filter((day) => day < stage.firstDay + 40);
  return {
    entities: [{ type: 'user', id: person.id }], lastDay: days.at(-1)!, description: `${person.name} downloads about ${files} documents more on each working day of forty days`,
    events: () => overDays(stage, days, function* (day, dice, nth) {
      const scribe = personScribe(person, dice, stage.id);
      let number = newestDocument(stage.firstDay) - 460 + nth * files;
      for (const time of timesAtWork(person, day, dice, countOf(dice, files))) {
        number += 1;
        yield scribe.access(time, 'download', documentResource(person.department.id, number), { bytes: documentBytes(person.department.id, number) });
      }
    }),
  };
}
