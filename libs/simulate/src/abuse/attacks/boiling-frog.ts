import { recordResource, datasetOf } from '../../world/catalogue.js';
import type { Person } from '../../world/person.js';
import type { Played } from '../abuse-case.js';
import { call, customerScribe, type Customer } from '../customer.js';
import { at, overDays, personScribe, timesAtWork, workdaysOf, type Stage } from '../stage.js';
import { DAY_MS, HOUR_MS } from '../../world/zone.js';

const DAYS = 30;
const growth = (stage: Stage): number => at(stage, { blatant: 0.15, moderate: 0.08, slow: 0.05 });

/** A key whose calls grow by 15, 8 or 5 % a day for thirty days, so that no day is far from the one before. */
export function boilingFrogKey(stage: Stage, customer: Customer): Played {
  const rate = growth(stage);
  const days = Array.from({ length: DAYS }, (_, i) => stage.firstDay + i);
  return {
    entities: [{ type: 'key', id: customer.id }], lastDay: days.at(-1)!, description: `${customer.id} asks ${Math.round(100 * rate)} % more each day for ${DAYS} days`,
    events: () => overDays(stage, days, function* (day, dice, nth) {
      const scribe = customerScribe(customer, dice, day, stage.id);
      const more = customer.eventsPerDay * ((1 + rate) ** (nth + 1) - 1);
      const times = Array.from({ length: dice.poisson(Math.min(4_000, more)) }, () => day * DAY_MS + dice.between(8, 18) * HOUR_MS).sort((a, b) => a - b);
      for (const time of times) yield call(customer, scribe, time);
    }),
  };
}

/** A person whose look-ups of records grow in the same way on working days. */
export function boilingFrogPerson(stage: Stage, person: Person): Played {
  const rate = growth(stage);
  const days = workdaysOf(stage, person, DAYS).filter((day) => day < stage.firstDay + DAYS);
  const { records, purpose } = person.department;
  const set = datasetOf(records);
  return {
    entities: [{ type: 'user', id: person.id }], lastDay: days.at(-1)!, description: `${person.name} looks up ${Math.round(100 * rate)} % more records each day for ${DAYS} days`,
    events: () => overDays(stage, days, function* (day, dice) {
      const scribe = personScribe(person, dice, stage.id);
      const more = person.tempo * ((1 + rate) ** (day - stage.firstDay + 1) - 1);
      for (const time of timesAtWork(person, day, dice, dice.poisson(Math.min(2_000, more)))) {
        const rows = dice.whole(1, 4);
        yield scribe.access(time, 'read', recordResource(records, `KM-${dice.text('0123456789', 7)}`), { purpose, rows, bytes: rows * set.bytesPerRow });
      }
    }),
  };
}
