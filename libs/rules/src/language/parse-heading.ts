import { fail } from '../problem.js';
import { isMap } from './parse-selection.js';
import { LEVELS, RELATIONS, STATUSES, TAG_NAMESPACES, type Heading, type LogSource } from './rule-model.js';

export type Warn = (code: string, message: string, path: readonly (string | number)[], offset?: number) => void;
export type RawMap = Readonly<Record<string, unknown>>;

/** Metadata never stops a rule: what is wrong with it is a warning. */
export function parseHeading(map: RawMap, source: Heading['source'], warn: Warn): Heading {
  const text = (key: string): string | null => {
    const value = map[key];
    if (value === undefined || value === null) return null;
    if (typeof value === 'string' || typeof value === 'number') return String(value);
    warn('metadata-type', `"${key}" is a text`, [key]);
    return null;
  };
  const oneOf = <T extends string>(key: string, known: readonly T[]): T | null => {
    const value = text(key);
    if (value === null || (known as readonly string[]).includes(value)) return value as T | null;
    warn('metadata-value', `"${key}" is one of ${known.join(', ')}, not "${value}"`, [key]);
    return null;
  };
  const title = text('title');
  if (title === null) warn('metadata-missing', 'a rule has a title', []);
  const tags = texts(map['tags'], 'tags', warn);
  tags.forEach((tag, index) => {
    const namespace = tag.split('.')[0]!;
    if (!(TAG_NAMESPACES as readonly string[]).includes(namespace) || !/^[a-z0-9_-]+\.[a-z0-9._-]+$/.test(tag)) warn('metadata-tag', `a tag is namespace.value in lower case with a namespace of ${TAG_NAMESPACES.join(', ')}; "${tag}" is none`, ['tags', index]);
  });
  const id = text('id');
  if (id !== null && !/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) warn('metadata-id', 'an id is a UUID', ['id']);
  return {
    id: id ?? text('name') ?? `${source.file}#${source.document}`,
    name: text('name'), title: title ?? id ?? source.file, status: oneOf('status', STATUSES), level: oneOf('level', LEVELS), description: text('description'), author: text('author'),
    references: texts(map['references'], 'references', warn), tags, falsePositives: texts(map['falsepositives'], 'falsepositives', warn), related: relatedOf(map['related'], warn), fields: texts(map['fields'], 'fields', warn), runbook: text('runbook'), source,
  };
}

export function texts(value: unknown, key: string, warn: Warn): string[] {
  if (value === undefined || value === null) return [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.flatMap((each, index) => {
    if (typeof each === 'string' || typeof each === 'number') return [String(each)];
    warn('metadata-type', `"${key}" is a list of texts`, [key, index]);
    return [];
  });
}

function relatedOf(value: unknown, warn: Warn): { readonly id: string; readonly type: string }[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    warn('metadata-type', '"related" is a list of {id, type}', ['related']);
    return [];
  }
  return value.flatMap((each: unknown, index) => {
    if (!isMap(each) || typeof each['id'] !== 'string' || typeof each['type'] !== 'string') {
      warn('metadata-type', '"related" is a list of {id, type}', ['related', index]);
      return [];
    }
    if (!(RELATIONS as readonly string[]).includes(each['type'])) warn('metadata-value', `a relation is one of ${RELATIONS.join(', ')}`, ['related', index, 'type']);
    return [{ id: each['id'], type: each['type'] }];
  });
}

export function parseLogSource(value: unknown, warn: Warn): LogSource {
  if (value === undefined || value === null) {
    warn('logsource-missing', 'without a logsource the rule is tried on every event; name a category, product or service', []);
    return { category: null, product: null, service: null };
  }
  if (!isMap(value)) return fail('logsource-type', '"logsource" is a map with category, product and service', ['logsource']);
  const part = (key: string): string | null => {
    const each = value[key];
    if (each === undefined || each === null) return null;
    if (typeof each !== 'string') return fail('logsource-type', `"${key}" of the logsource is a text`, ['logsource', key]);
    return each.trim().toLowerCase();
  };
  const logsource = { category: part('category'), product: part('product'), service: part('service') };
  if (logsource.category === null && logsource.product === null && logsource.service === null) warn('logsource-missing', 'the logsource names neither category nor product nor service, so the rule is tried on every event', ['logsource']);
  return logsource;
}
