import { foldCase } from '../language/fold-case.js';
import { ANY, DASH, DASHES, type Pattern } from '../language/pattern.js';

/**
 * Whether a pattern covers the whole text, character by character, with every position it can be in kept at once: slow and plain, the
 * reference for the fast one.
 */
export function matchPattern(pattern: Pattern, text: string, cased: boolean): boolean {
  const chars = [...(cased ? text : foldCase(text))];
  const steps: (string | number)[] = pattern.flatMap((token): (string | number)[] => (typeof token === 'string' ? [...(cased ? token : foldCase(token))] : [token]));
  const dashes: ReadonlySet<string> = new Set(DASHES);
  const closure = (states: Set<number>): Set<number> => {
    for (const state of states) if (steps[state] === ANY) states.add(state + 1);
    return states;
  };
  let states = closure(new Set([0]));
  for (const char of chars) {
    const next = new Set<number>();
    for (const state of states) {
      const step = steps[state];
      if (step === undefined) continue;
      if (step === ANY) next.add(state);
      else if (typeof step === 'string' ? step === char : step !== DASH || dashes.has(char)) next.add(state + 1);
    }
    states = closure(next);
    if (states.size === 0) return false;
  }
  return states.has(steps.length);
}
