import { Dice, hashKey } from '../dice.js';
import type { NativeResource } from '../native-event.js';
import type { Person } from '../world/person.js';
import { pause, type Task } from './sitting.js';

/** Documents in a department's share when the count began, and those added on a day. */
const SHARE_DOCUMENTS = 500;
const NEW_PER_DAY = 6;
const EPOCH_DAY = 20_000;

export const documentResource = (department: string, number: number): NativeResource => ({ id: `doc/${department}/${String(number).padStart(5, '0')}`, type: 'document' });
export const newestDocument = (day: number): number => SHARE_DOCUMENTS + NEW_PER_DAY * Math.max(0, day - EPOCH_DAY);

/** Size of a document, the same whenever it is read: log-normal around 180 KB, a few are very large. */
export function documentBytes(department: string, number: number): number {
  const dice = new Dice(`doc/${department}/${number}`);
  return Math.round(Math.min(400_000_000, dice.logNormal(180_000, 1.3)));
}

/** Most reading is in the files of this week's project; the rest follows what is new in the department's share, rarely in another one. */
export function pickDocument(person: Person, day: number, dice: Dice): { readonly department: string; readonly number: number } {
  const newest = newestDocument(day);
  if (dice.chance(0.6)) {
    const slot = dice.zipf(24, 0.9);
    // A third of the files change each week.
    const week = Math.floor((day + 3) / 7) - (slot % 3);
    return { department: person.department.id, number: newestDocument(7 * week - 3) - 1 - (hashKey(`${person.id}/${week}/${slot}`) % 400) };
  }
  const department = dice.chance(0.06) ? dice.pick(['claims', 'sales', 'finance', 'engineering', 'marketing']) : person.department.id;
  return { department, number: newest - 1 - dice.zipf(450, 1.1) };
}

export const documents: Task = function* (sitting, at) {
  const { dice, scribe, person, day } = sitting;
  for (let left = 1 + dice.poisson(2); left > 0; left -= 1) {
    const { department, number } = pickDocument(person, day, dice);
    const bytes = documentBytes(department, number);
    const roll = dice.next();
    if (roll < 0.015) yield scribe.access(at, 'read', documentResource(department, number), { outcome: 'denied', reason: 'no permission on the folder' });
    else if (roll < 0.09) yield scribe.access(at, 'download', documentResource(department, number), { bytes });
    else if (roll < 0.22) yield scribe.access(at, 'write', documentResource(department, number), { bytes: bytes * 0.05 + 2_000 });
    else yield scribe.access(at, 'read', documentResource(department, number), { bytes: Math.min(bytes, 2_000_000) });
    at += pause(sitting);
  }
  return at;
};
