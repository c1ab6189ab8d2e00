import { documentResource, newestDocument } from '../../activity/documents.js';
import type { NativeResource } from '../../native-event.js';
import { datasetResource } from '../../world/catalogue.js';
import type { Person } from '../../world/person.js';
import { HOUR_MS } from '../../world/zone.js';
import type { Played } from '../abuse-case.js';
import { at, countOf, overDays, personScribe, timesAtWork, timesFrom, vpnPlace, workdaysOf, type Stage } from '../stage.js';

const SWITCHES: readonly (readonly [string, NativeResource])[] = [
  ['disable', { id: 'logging/assistant-large', type: 'logging' }], ['delete', { id: 'guardrail/assistant-large', type: 'guardrail' }], ['update', { id: 'threshold/fraud-score', type: 'configuration' }],
];

/**
 * IN-6: logging and guardrail switched off and 300 documents deleted at night in twenty minutes; the same with 40 in an hour of the working day; or a few rows of the training data changed, four times a day on
 * ten days, by somebody who else only reads them.
 */
export function sabotage(stage: Stage, person: Person): Played {
  const days = workdaysOf(stage, person, at(stage, { blatant: 1, moderate: 1, slow: 10 }));
  return {
    entities: [{ type: 'user', id: person.id }], lastDay: days.at(-1)! + 1, description: `${person.name} ${stage.intensity === 'slow' ? 'changes training data a little each day' : 'switches off the guardrail and deletes documents'}`,
    events: () => overDays(stage, days, function* (day, dice) {
      const { department: { id }, office: { zone } } = person;
      const scribe = personScribe(person, dice, stage.id, stage.intensity === 'blatant' ? vpnPlace(person) : undefined);
      if (stage.intensity === 'slow') {
        for (const time of timesAtWork(person, day, dice, countOf(dice, 4))) { const rows = dice.whole(5, 40); yield scribe.access(time, 'write', datasetResource('ds/training-claims'), { purpose: person.department.purpose, rows, bytes: rows * 900 }); }
        return;
      }
      let time = zone.at(day, stage.intensity === 'blatant' ? 23.3 : person.startHour + dice.between(2, 5));
      for (const [action, resource] of SWITCHES) yield scribe.access(time += dice.between(4_000, 40_000), action, resource);
      let number = newestDocument(day) - dice.whole(100, 400);
      for (const then of timesFrom(time + 10_000, at(stage, { blatant: 0.33, moderate: 1, slow: 1 }) * HOUR_MS, dice, countOf(dice, at(stage, { blatant: 300, moderate: 40, slow: 0 })))) yield scribe.access(then, 'delete', documentResource(id, number += 1));
    }),
  };
}
