import { documentBytes, documentResource, newestDocument } from '../../activity/documents.js';
import { application } from '../../activity/sitting.js';
import type { Person } from '../../world/person.js';
import { HOUR_MS, MINUTE_MS } from '../../world/zone.js';
import type { Played } from '../abuse-case.js';
import { at, countOf, overDays, personScribe, timesFrom, vpnPlace, type Stage } from '../stage.js';

/** IN-1, IN-2, IN-9: who has given notice copies the own share and a neighbour's at night, from the own laptop over the VPN. One night with 400 files, two with 120, or seven with 25. */
export function leaverNight(stage: Stage, person: Person): Played {
  const nights = at(stage, { blatant: 1, moderate: 2, slow: 7 });
  const files = at(stage, { blatant: 400, moderate: 120, slow: 25 });
  const days = Array.from({ length: nights }, (_, i) => stage.firstDay + i * at(stage, { blatant: 1, moderate: 1, slow: 2 }));
  return {
    entities: [{ type: 'user', id: person.id }], lastDay: days.at(-1)! + 1, description: `${person.name}, leaving, downloads about ${files} documents in each of ${nights} nights`,
    events: () => overDays(stage, days, function* (day, dice) {
      const scribe = personScribe(person, dice, stage.id, vpnPlace(person));
      const start = person.office.zone.at(day, dice.between(23.1, 26));
      yield scribe.access(start, 'logon', application('app/sso'));
      const neighbour = dice.pick(['sales', 'finance', 'engineering', 'claims', 'marketing'].filter((each) => each !== person.department.id));
      let number = newestDocument(day) - dice.whole(100, 420);
      for (const time of timesFrom(start + 2 * MINUTE_MS, dice.between(0.6, 1.5) * HOUR_MS, dice, countOf(dice, files))) {
        const department = dice.chance(0.75) ? person.department.id : neighbour;
        number += dice.chance(0.9) ? 1 : dice.whole(2, 12);
        if (dice.chance(0.02)) yield scribe.access(time, 'download', documentResource(department, number), { outcome: 'denied', reason: 'no permission on the folder' });
        else yield scribe.access(time, 'download', documentResource(department, number), { bytes: documentBytes(department, number) });
      }
    }),
  };
}
