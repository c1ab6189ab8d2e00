import { TASKS } from '../../activity/person-day.js';
import { Scribe, sourceOf } from '../../activity/scribe.js';
import { application } from '../../activity/sitting.js';
import { mergeStreams } from '../../merge-streams.js';
import type { SimulatedEvent } from '../../native-event.js';
import { attackerOf } from '../../world/networks.js';
import type { Person } from '../../world/person.js';
import type { Played } from '../abuse-case.js';
import { at, diceOf, neighbourPlace, overDays, workdaysOf, type Stage } from '../stage.js';

/**
 * IN-7: others work under an account at the same time as its owner, with machines and from networks of their own, doing the owner's sort of work: three of them for a day, one from a hosting company; one from
 * another household for five days; or one for two sittings a week over four weeks.
 */
export function accountSharing(stage: Stage, person: Person): Played {
  const working = workdaysOf(stage, person, at(stage, { blatant: 1, moderate: 5, slow: 19 }));
  const days = stage.intensity === 'slow' ? working.filter((_, i) => i % 5 === 1 || i % 5 === 3) : working;
  const guests = at(stage, { blatant: 3, moderate: 1, slow: 1 });
  return {
    entities: [{ type: 'user', id: person.id }], lastDay: days.at(-1)!, description: `${guests} other${guests > 1 ? 's work' : ' works'} under the account of ${person.name}`,
    events: () => mergeStreams(Array.from({ length: guests }, (_, guest) => overDays(stage, days, function* (day): Generator<SimulatedEvent> {
      const who = diceOf(stage, `guest/${guest}`);
      const place = guest === 2 ? attackerOf(who) : neighbourPlace(person, who);
      const dice = diceOf(stage, `${guest}/${day}`);
      const scribe = new Scribe(dice, { id: person.id, type: 'user', roles: [person.department.id], group: person.department.id, session: `s-${dice.text('0123456789abcdef', 12)}`, mfa: false }, sourceOf(place, `lt-${who.whole(100, 999)}x`, who.pick(['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:146.0) Gecko/20100101 Firefox/146.0', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/605.1.15'])), stage.id);
      let time = person.office.zone.at(day, person.startHour + dice.between(0.5, 3));
      const last = time + at(stage, { blatant: 6, moderate: 4, slow: 1.5 }) * 3_600_000;
      yield scribe.access(time, 'logon', application('app/sso'));
      while (time < last) {
        time = yield* TASKS[dice.weighted(person.department.tasks)]({ person, scribe, dice, day, contentShare: 0, singleRecords: true, gapMs: 34_000 }, time + dice.exponential(12 * 60_000));
      }
    }))),
  };
}
