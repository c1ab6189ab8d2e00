import { RuleError, type Place } from '../problem.js';
import { locate, readYaml } from '../yaml/read-yaml.js';
import { NOTHING, type Pipeline, type Route, type SourceFacts } from './pipeline-model.js';
import { isThorConfiguration, readThor } from './read-thor.js';

type Map_ = Readonly<Record<string, unknown>>;
const isMap = (value: unknown): value is Map_ => typeof value === 'object' && value !== null && !Array.isArray(value);
const KEYS: ReadonlySet<string> = new Set(['name', 'title', 'accepts', 'flatten', 'routes', 'fields', 'knows', 'unknown']);

/** A pipeline file. Throws a message with file, line and column. */
export function readPipeline(text: string, file: string): Pipeline {
  const { documents, problems } = readYaml(text);
  if (problems[0] !== undefined) throw new Error(`${file}:${problems[0].line}:${problems[0].column}: ${problems[0].message}`);
  try {
    const document = documents[0];
    if (documents.length !== 1 || !isMap(document)) throw wrong('a pipeline file is one map with name, routes and fields', []);
    return isThorConfiguration(document) ? readThor(document) : pipelineOf(document);
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    const { line, column } = locate(text, 0, error.place);
    throw new Error(`${file}:${line}:${column}: ${error.message}`);
  }
}

const wrong = (message: string, path: Place['path']): RuleError => new RuleError('pipeline', message, { path });

function pipelineOf(map: Map_): Pipeline {
  for (const key of Object.keys(map)) if (!KEYS.has(key)) throw wrong(`"${key}" is not known; a pipeline has ${[...KEYS].join(', ')}`, [key]);
  const { name, title, flatten = 'none' } = map;
  if (typeof name !== 'string' || name === '') throw wrong('a pipeline has a name', ['name']);
  if (flatten !== 'none' && flatten !== 'windows' && flatten !== 'otel') throw wrong('"flatten" is none, windows or otel', ['flatten']);
  const routes = listOf(map['routes'], 'routes').map((each, index): Route => {
    if (!isMap(each)) throw wrong('a route is a map with when, logsource and fields', ['routes', index]);
    for (const key of Object.keys(each)) if (!['when', 'logsource', 'fields', 'knows'].includes(key)) throw wrong(`"${key}" is not known; a route has when, logsource, fields and knows`, ['routes', index, key]);
    return { when: whenOf(each['when'], ['routes', index, 'when']), source: sourceOf(each['logsource'], ['routes', index, 'logsource']), fields: fieldsOf(each['fields'], ['routes', index, 'fields']), knows: namesOf(each['knows'], ['routes', index, 'knows']) };
  });
  return {
    name, title: typeof title === 'string' ? title : name, flatten, routes,
    accepts: listOf(map['accepts'], 'accepts').map((each, index) => whenOf(each, ['accepts', index])),
    fields: fieldsOf(map['fields'], ['fields']), knows: namesOf(map['knows'], ['knows']), unknown: map['unknown'] === undefined ? NOTHING : sourceOf(map['unknown'], ['unknown']),
  };
}

function listOf(value: unknown, key: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw wrong(`"${key}" is a list`, [key]);
  return value;
}

export function whenOf(value: unknown, path: Place['path']): Route['when'] {
  if (value === undefined || value === null) return {};
  if (!isMap(value)) throw wrong('conditions are a map of field and values', path);
  return Object.fromEntries(Object.entries(value).map(([field, each]) => {
    if (each === true) return [field, true as const];
    const values: readonly unknown[] = Array.isArray(each) ? each : [each];
    if (values.length === 0 || !values.every((one) => ['string', 'number', 'boolean'].includes(typeof one))) throw wrong(`"${field}" is true (it is there), a value, or a list of values`, [...path, field]);
    return [field, values.map(String)];
  }));
}

export function sourceOf(value: unknown, path: Place['path']): SourceFacts {
  if (!isMap(value)) throw wrong('a log source is a map with product, category and service', path);
  const part = (key: string): string | null => {
    const each = value[key];
    if (each === undefined || each === null) return null;
    if (typeof each !== 'string') throw wrong(`"${key}" is a text`, [...path, key]);
    return each.trim().toLowerCase();
  };
  return { product: part('product'), category: part('category'), service: part('service') };
}

export function fieldsOf(value: unknown, path: Place['path']): Readonly<Record<string, readonly string[]>> {
  if (value === undefined || value === null) return {};
  if (!isMap(value)) throw wrong('"fields" maps a field of rules to one or several of the event', path);
  return Object.fromEntries(Object.entries(value).map(([field, each]) => {
    const names: readonly unknown[] = Array.isArray(each) ? each : [each];
    if (names.length === 0 || !names.every((one) => typeof one === 'string' && one !== '')) throw wrong(`"${field}" maps to a field name or a list of them`, [...path, field]);
    return [field, names as readonly string[]];
  }));
}

/** Names, and lists of them (so that a list can be written once and named again). */
function namesOf(value: unknown, path: Place['path']): readonly string[] | null {
  if (value === undefined || value === null) return null;
  const names: readonly unknown[] = Array.isArray(value) ? value.flat(4) : [value];
  if (!names.every((one) => typeof one === 'string' && one !== '')) throw wrong('"knows" is a list of field names', path);
  return names as readonly string[];
}
