import type { EventRecord } from './events/field-values.js';
import { isMap } from './language/parse-selection.js';
import { readYaml } from './yaml/read-yaml.js';

/** A test beside a rule: the events it is tried on, and how many of them it must match. */
export interface RuleTest { readonly rule: string; readonly name: string; readonly file: string; readonly events: readonly EventRecord[]; readonly matchesMin: number; readonly matchesMax: number }
export interface FoundTests { readonly tests: readonly RuleTest[]; readonly problems: readonly string[] }

const SPANS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const REPEAT_MAX = 10_000;

/** `{repeat: 20, every: 5s, event: {time: …}}` among the events of a test: that event so many times, each later than the one before. */
function repeated(each: unknown): readonly unknown[] {
  if (!isMap(each) || !isMap(each['event']) || typeof each['repeat'] !== 'number' || !(each['repeat'] >= 1 && each['repeat'] <= REPEAT_MAX)) return [each];
  const { event, repeat } = each;
  const parts = /^(\d{1,9})(ms|s|m|h)$/.exec(String(each['every'] ?? '1s'));
  const start = typeof event['time'] === 'number' ? event['time'] : Date.parse(String(event['time']));
  if (parts === null || !Number.isFinite(start)) return [null];
  const everyMs = Number(parts[1]) * SPANS_MS[parts[2]!]!;
  return Array.from({ length: Math.floor(repeat as number) }, (_, index) => ({ ...event, time: new Date(start + index * everyMs).toISOString() }));
}

/**
 * Inline tests: `tests` in the rule's own document, each with a name, `event` or `events`, and `match` (true, false, or how many events
 * match; of a correlation, how often it fires, true being once). Sigma knows no such key and ignores it.
 */
export function inlineTests(path: string, text: string): FoundTests {
  const tests: RuleTest[] = [];
  const problems: string[] = [];
  for (const document of readYaml(text).documents) {
    if (!isMap(document) || document['tests'] === undefined) continue;
    const list: readonly unknown[] = Array.isArray(document['tests']) ? document['tests'] : [document['tests']];
    const rule = String(document['id'] ?? document['name'] ?? path);
    list.forEach((each, index) => {
      const wrong = (message: string): void => void problems.push(`${path}: test ${index + 1}: ${message}`);
      if (!isMap(each)) return wrong('a test is a map with name, event or events, and match');
      const events: readonly unknown[] = Array.isArray(each['events']) ? each['events'].flatMap(repeated) : each['event'] === undefined ? [] : [each['event']];
      if (events.length === 0 || !events.every(isMap)) return wrong('"event" is a map, "events" a list of maps, or of {repeat, every, event} with a time in the event');
      const match = each['match'] ?? true;
      if (typeof match !== 'boolean' && !(typeof match === 'number' && Number.isInteger(match) && match >= 0)) return wrong('"match" is true, false, or how many events match');
      const wanted = match === true ? (isMap(document['correlation']) ? 1 : events.length) : match === false ? 0 : match;
      tests.push({ rule, name: String(each['name'] ?? `test ${index + 1}`), file: path, events: events as readonly EventRecord[], matchesMin: wanted, matchesMax: wanted });
    });
  }
  return { tests, problems };
}

/** The Sigma project's `info.yml`: each rule named there matches at least `match_count` (or 1) of the events beside it. */
export function regressionTests(path: string, info: string, eventsOf: (name: string) => readonly EventRecord[]): FoundTests {
  const tests: RuleTest[] = [];
  const problems: string[] = [];
  for (const document of readYaml(info).documents) {
    if (!isMap(document) || !Array.isArray(document['regression_tests_info']) || !Array.isArray(document['rule_metadata'])) {
      problems.push(`${path}: rule_metadata and regression_tests_info are needed`);
      continue;
    }
    const rules = (document['rule_metadata'] as readonly unknown[]).flatMap((each) => (isMap(each) && typeof each['id'] === 'string' ? [each['id']] : []));
    for (const each of document['regression_tests_info'] as readonly unknown[]) {
      if (!isMap(each) || typeof each['path'] !== 'string') {
        problems.push(`${path}: a test has a path`);
        continue;
      }
      const name = each['path'].slice(each['path'].lastIndexOf('/') + 1).replace(/\.[^.]+$/, '');
      const count = typeof each['match_count'] === 'number' ? each['match_count'] : 1;
      const events = eventsOf(name);
      if (events.length === 0) problems.push(`${path}: there are no events ${name}.json`);
      for (const rule of rules) tests.push({ rule, name: String(each['name'] ?? name), file: path, events, matchesMin: count, matchesMax: Number.POSITIVE_INFINITY });
    }
  }
  return { tests, problems };
}

/** One JSON document after another, or one a line, or a list. */
export function readEventText(text: string): EventRecord[] {
  const parse = (piece: string): EventRecord[] => {
    const value: unknown = JSON.parse(piece);
    return (Array.isArray(value) ? value : [value]).filter(isMap);
  };
  try {
    return parse(text);
  } catch {
    return text.split(/\r?\n(?=[{[])/).filter((piece) => piece.trim() !== '').flatMap(parse);
  }
}
