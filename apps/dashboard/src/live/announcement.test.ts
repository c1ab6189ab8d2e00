import { expect, it } from 'vitest';
import { summarise } from './announcement.js';

it.each([
  [[], ''],
  [[['low', 1]], '1 new alert'],
  [[['critical', 1], ['high', 3], ['low', 8]], '12 new alerts, 1 critical, 3 high'],
] as const)('%j → %s', (counts, text) => expect(summarise(new Map(counts))).toBe(text));
