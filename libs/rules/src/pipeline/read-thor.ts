import { RuleError } from '../problem.js';
import { NOTHING, type Pipeline, type Route, type SourceFacts } from './pipeline-model.js';

type Map_ = Readonly<Record<string, unknown>>;
const isMap = (value: unknown): value is Map_ => typeof value === 'object' && value !== null && !Array.isArray(value);
const CHANNEL = 'WinEventLog:';

/** The Sigma project's own log-source mapping (`tests/thor.yml`, a configuration of the old converter). */
export const isThorConfiguration = (document: Map_): boolean => isMap(document['logsources']);

/**
 * `sources: WinEventLog:X` names the channel of a service; `conditions` with `rewrite` name a category by the events of such a service.
 * Sources that are files say nothing an event could be known by, and are left out.
 */
export function readThor(document: Map_): Pipeline {
  const entries = Object.entries(document['logsources'] as Map_).map(([name, value]) => {
    if (!isMap(value)) throw new RuleError('pipeline', `"${name}" is a map`, { path: ['logsources', name] });
    return { name, value };
  });
  const channels = new Map<string, string[]>();
  const routes: Route[] = [];
  for (const { name, value } of entries) {
    const names = textsOf(value['sources'], name).filter((source) => source.startsWith(CHANNEL)).map((source) => source.slice(CHANNEL.length));
    if (names.length === 0) continue;
    const source = factsOf(value);
    channels.set(keyOf(source), names);
    routes.push({ when: { Channel: names }, source, fields: {}, knows: null });
  }
  for (const { name, value } of entries) {
    if (!isMap(value['rewrite'])) continue;
    const target = factsOf(value['rewrite']);
    const names = channels.get(keyOf(target));
    if (names === undefined) throw new RuleError('pipeline', `"${name}" is rewritten to a source that has no channel`, { path: ['logsources', name, 'rewrite'] });
    const conditions = isMap(value['conditions']) ? Object.entries(value['conditions']).map(([field, values]): [string, string[]] => [field, (Array.isArray(values) ? values : [values]).map(String)]) : [];
    const fields = isMap(value['fieldmappings']) ? Object.entries(value['fieldmappings']).map(([field, names_]): [string, string[]] => [field, [...(Array.isArray(names_) ? names_ : [names_]).map(String), field]]) : [];
    routes.push({ when: { Channel: names, ...Object.fromEntries(conditions) }, source: { ...target, category: factsOf(value).category }, fields: Object.fromEntries(fields), knows: null });
  }
  return { name: 'thor', title: String(document['title'] ?? 'thor'), accepts: [], flatten: 'windows', routes, fields: {}, knows: null, unknown: NOTHING };
}

const lower = (value: unknown): string | null => (typeof value === 'string' ? value.trim().toLowerCase() : null);
const factsOf = (map: Map_): SourceFacts => ({ product: lower(map['product']), category: lower(map['category']), service: lower(map['service']) });
const keyOf = ({ product, service }: SourceFacts): string => `${product}/${service}`;

function textsOf(value: unknown, name: string): readonly string[] {
  if (value === undefined) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (!list.every((each) => typeof each === 'string')) throw new RuleError('pipeline', 'sources are texts', { path: ['logsources', name, 'sources'] });
  return list as readonly string[];
}
