import { isMap } from '@wary/rules/language/parse-selection.js';
import type { SigmaCorrelation, SigmaRule } from '@wary/rules/language/rule-model.js';
import { loadRules } from '@wary/rules/load-rules.js';
import type { Problem } from '@wary/rules/problem.js';
import { readYaml } from '@wary/rules/yaml/read-yaml.js';

/** What the text of a rule says by itself. */
export interface ParsedBundle {
  readonly documents: readonly (SigmaRule | SigmaCorrelation)[];
  /** The one that the bundle is named after; null when its text does not compile alone. */
  readonly lead: SigmaRule | SigmaCorrelation | null;
  /** Of all documents, also of those that do not compile. */
  readonly ids: readonly string[];
  /** Ids or names that its correlations read. */
  readonly reads: readonly string[];
  readonly problems: readonly Problem[];
}

const PARSED_MAX = 20_000;
const parsed = new Map<string, ParsedBundle>();

/** Kept for each text: lists and tuning ask again and again. */
export function parseBundle(rule: string, text: string): ParsedBundle {
  let bundle = parsed.get(text);
  if (bundle === undefined) {
    const set = loadRules([{ path: `${rule}.yml`, text }]);
    const documents = [...set.rules, ...set.correlations];
    const maps = readYaml(text).documents.filter(isMap);
    bundle = {
      documents, lead: documents.find(({ id }) => id === rule) ?? null, problems: set.problems,
      ids: maps.flatMap((document) => (typeof document['id'] === 'string' ? [document['id']] : [])),
      reads: maps.flatMap(({ correlation }) => (isMap(correlation) ? [correlation['rules']].flat().filter((each): each is string => typeof each === 'string') : [])),
    };
    if (parsed.size >= PARSED_MAX) parsed.delete(parsed.keys().next().value!);
    parsed.set(text, bundle);
  }
  return bundle;
}
