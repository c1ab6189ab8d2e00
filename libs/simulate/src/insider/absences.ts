import { Dice } from '../dice.js';

/** Days on which somebody is away: four or five weeks of leave a year, colds, and now and then something longer. Days since the first. */
export function absencesOf(seed: number, index: number, days: number): Set<number> {
  const dice = new Dice(`${seed}/insider/absence/${index}`);
  const away = new Set<number>();
  const take = (from: number, length: number): void => { for (let day = from; day < from + length; day += 1) away.add(day); };
  for (let weeks = dice.poisson((4 * days) / 365); weeks > 0; weeks -= 1) take(dice.whole(0, days - 1), 7);
  for (let colds = dice.poisson((2.5 * days) / 365); colds > 0; colds -= 1) take(dice.whole(0, days - 1), dice.whole(1, 4));
  if (dice.chance((0.04 * days) / 365)) take(dice.whole(0, days - 1), dice.whole(20, 90));
  return away;
}
