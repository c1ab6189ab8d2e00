import { hashKey, type Dice } from '../dice.js';
import type { Person } from '../world/person.js';
import { datasetOf, datasetResource, recordResource } from '../world/catalogue.js';
import { pause, type Task } from './sitting.js';

/** Cases that somebody has open in a week. */
const OPEN_CASES = 12;
/** Look-ups that are about one of them. */
const OPEN_SHARE = 0.5;
/** One week in so many has a case that takes half of the time. */
const DIFFICULT_WEEKS = 12;

/** A new case, or one of those open this week, some of which were open the week before; now and then one that is difficult and is opened all day. */
function openCase(person: Person, day: number, dice: Dice): string {
  if (!dice.chance(OPEN_SHARE)) return dice.text('0123456789', 7);
  const week = Math.floor((day + 3) / 7);
  const difficult = hashKey(`${person.id}/difficult/${week}`) % DIFFICULT_WEEKS === 0 && dice.chance(0.6);
  const slot = difficult ? 0 : dice.zipf(OPEN_CASES, 0.8);
  return String(hashKey(`${person.id}/case/${week - (slot % 2) * (week % 2)}/${slot}`) % 10_000_000).padStart(7, '0');
}

/** Look-ups of single records, with the case they are for and the purpose declared. */
export const records: Task = function* (sitting, at) {
  const { dice, scribe, person, day } = sitting;
  const { department } = person;
  const set = datasetOf(department.records);
  const caseNumber = `KM-${sitting.singleRecords ? openCase(person, day, dice) : dice.text('0123456789', 7)}`;
  const resource = sitting.singleRecords ? recordResource(set.id, caseNumber) : datasetResource(set.id);
  for (let left = 1 + dice.poisson(2.2); left > 0; left -= 1) {
    const rows = 1 + Math.floor(dice.exponential(3));
    const roll = dice.next();
    const details = { purpose: department.purpose, rows, bytes: rows * set.bytesPerRow, ...(department.cases ? { attributes: { case: caseNumber } } : {}) };
    if (roll < 0.008) yield scribe.access(at, 'read', resource, { ...details, rows: 0, bytes: 0, outcome: 'denied', reason: 'record is locked' });
    else if (roll < 0.16) yield scribe.access(at, 'write', resource, { ...details, rows: 1, bytes: set.bytesPerRow });
    else yield scribe.access(at, 'read', resource, details);
    at += pause(sitting);
  }
  return at;
};

/** Analytic queries: rows are heavy-tailed over four orders of magnitude, and some results are exported. */
export const queries: Task = function* (sitting, at) {
  const { dice, scribe, person } = sitting;
  for (let left = 1 + dice.poisson(1.6); left > 0; left -= 1) {
    const set = datasetOf(dice.pick(person.department.datasets));
    const rows = Math.min(2_000_000, Math.round(dice.logNormal(700, 1.8)));
    const details = { purpose: person.department.purpose, rows, bytes: rows * set.bytesPerRow, latencyMs: Math.round(80 + rows / 40) };
    if (dice.chance(0.03)) yield scribe.access(at, 'read', datasetResource(set.id), { purpose: person.department.purpose, outcome: 'error', reason: 'syntax error', latencyMs: 12 });
    else yield scribe.access(at, rows > 2_000 && dice.chance(0.12) ? 'export' : 'read', datasetResource(set.id), details);
    at += pause(sitting, 2);
  }
  return at;
};
