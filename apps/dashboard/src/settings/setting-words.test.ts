import { expect, it } from 'vitest';
import { settingWords } from './setting-words.js';

it.each([['speedKmPerHourMax', 'Speed km per hour, at most'], ['eventItemsMin', 'Event items, at least'], ['flaggedShareUsual', 'Flagged share usual'], ['weight', 'Weight']])('%s → %s', (name, words) => expect(settingWords(name)).toBe(words));
