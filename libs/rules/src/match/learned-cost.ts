import { compares, numberIn } from '../events/compare-numbers.js';
import { allScalars, lookUp, scalarsOf, type EventRecord } from '../events/field-values.js';
import { foldCase } from '../language/fold-case.js';
import { staticCost, type CostOf, type Sign } from './choose-witness.js';

/** How much the guess counts beside what was seen: it decides between signs that the sample does not show. */
const GUESS_WEIGHT = 0.02;

/** How often a sign is shown by a sample of events; each field's values are folded once. */
export function learnedCost(sample: readonly { readonly record: EventRecord; readonly whole: unknown }[]): CostOf {
  const texts = new Map<string | null, readonly (readonly string[] | null)[]>();
  const costs = new Map<string, number>();
  const textsOf = (field: string | null): readonly (readonly string[] | null)[] => {
    let known = texts.get(field);
    if (known === undefined) {
      known = sample.map(({ record, whole }) => {
        const raw = field === null ? allScalars(whole) : lookUp(record, field);
        return raw === undefined ? null : scalarsOf(raw).filter((each) => each !== null).map((each) => foldCase(String(each)));
      });
      texts.set(field, known);
    }
    return known;
  };
  return (sign) => {
    const key = `${sign.field ?? '\u0000'}\u0001${sign.kind}\u0001${sign.kind === 'literal' ? `${sign.anchor}\u0001${sign.text}` : sign.kind === 'number' ? `${sign.comparison}${sign.value}` : ''}`;
    let cost = costs.get(key);
    if (cost === undefined) {
      const shown = textsOf(sign.field).filter((each) => each !== null && shows(sign, each)).length;
      cost = shown / sample.length + GUESS_WEIGHT * staticCost(sign);
      costs.set(key, cost);
    }
    return cost;
  };
}

function shows(sign: Sign, texts: readonly string[]): boolean {
  if (sign.kind === 'present') return true;
  if (sign.kind === 'value') return texts.length > 0;
  if (sign.kind === 'text') return texts.some((text) => text !== '');
  if (sign.kind === 'number') return texts.some((text) => { const number = numberIn(text); return number !== undefined && compares(number, sign.comparison, sign.value); });
  if (sign.kind === 'not-ascii') return texts.some((text) => /[^\0-\x7f]/.test(text));
  switch (sign.anchor) {
    case 'exact': return texts.includes(sign.text);
    case 'prefix': return texts.some((text) => text.startsWith(sign.text));
    case 'suffix': return texts.some((text) => text.endsWith(sign.text));
    case 'anywhere': return texts.some((text) => text.includes(sign.text));
  }
}
