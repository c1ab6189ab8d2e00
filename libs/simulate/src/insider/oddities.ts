import { Dice } from '../dice.js';
import type { Employee } from './employee.js';

/** Benign spells that resemble the scenarios, each for some weeks of somebody's time. */
export type OddityKind = 'job_curious' | 'media_project' | 'travel' | 'deadline' | 'cloud_project' | 'cover_nights' | 'security_study' | 'new_machine';
export interface Oddity { readonly kind: OddityKind; readonly from: number; readonly to: number; /** How far it goes, about 1. */ readonly strength: number }

/** Spells a person and 500 days, and their length in days. */
const SPELLS: readonly (readonly [OddityKind, rate: number, daysMin: number, daysMax: number])[] = [
  // Reads job advertisements without taking anything along.
  ['job_curious', 0.28, 10, 70],
  // Takes up removable media, or uses it more and more: a customer on site, a machine without network.
  ['media_project', 0.24, 15, 90],
  // Other hours, another country and network, the laptop.
  ['travel', 0.5, 3, 12],
  // Evenings and weekends before a delivery.
  ['deadline', 0.5, 5, 21],
  // Uploads to a file-sharing site for a partner.
  ['cloud_project', 0.14, 10, 60],
  // Stands in for a night shift.
  ['cover_nights', 0.08, 3, 15],
  // Reads about and downloads security tools for a course.
  ['security_study', 0.04, 5, 40],
  ['new_machine', 0.4, 1, 1],
];

export function odditiesOf(seed: number, { index, role }: Employee, days: number): Oddity[] {
  const dice = new Dice(`${seed}/insider/oddities/${index}`);
  const spells: Oddity[] = [];
  for (const [kind, rate, daysMin, daysMax] of SPELLS) {
    const often = kind === 'security_study' && role.admin === true ? 8 : kind === 'travel' && ['sales', 'management', 'projects'].includes(role.department) ? 3 : 1;
    for (let count = dice.poisson((rate * often * days) / 500); count > 0; count -= 1) {
      const from = dice.whole(0, days - 1);
      spells.push({ kind, from, to: from + dice.whole(daysMin, daysMax), strength: dice.logNormal(1, 0.5) });
    }
  }
  return spells;
}
