import { and, fieldsOf } from './language/expr.js';
import type { Placeholders } from './language/modifiers.js';
import { parseCorrelation } from './language/parse-correlation.js';
import type { Warn } from './language/parse-heading.js';
import { parseFilter, parseRule } from './language/parse-rule.js';
import { isMap } from './language/parse-selection.js';
import type { LogSource, SigmaCorrelation, SigmaDocument, SigmaFilter, SigmaRule } from './language/rule-model.js';
import type { KnownFields } from './pipeline/known-fields.js';
import { lintRule } from './lint-rule.js';
import { RuleError, type Place, type Problem } from './problem.js';
import { locate, readYaml } from './yaml/read-yaml.js';

export interface RuleFile { readonly path: string; readonly text: string }
export interface LoadOptions {
  readonly placeholders?: Placeholders;
  /** Warns of fields that no event of a rule's log source has. */
  readonly knownFields?: KnownFields;
}
export interface RuleSet {
  readonly rules: readonly SigmaRule[];
  readonly correlations: readonly SigmaCorrelation[];
  readonly filters: readonly SigmaFilter[];
  readonly problems: readonly Problem[];
  /** Documents that were refused. */
  readonly rejected: number;
}

/** Reads rule files. A document with an error is left out and named; the others go on. */
export function loadRules(files: Iterable<RuleFile>, options: LoadOptions = {}): RuleSet {
  const documents: SigmaDocument[] = [];
  const problems: Problem[] = [];
  const places = new Map<SigmaDocument, { readonly file: RuleFile; readonly index: number }>();
  let rejected = 0;
  for (const file of files) {
    const { documents: raw, problems: wrong } = readYaml(file.text);
    for (const { code, message, line, column } of wrong) problems.push({ severity: 'error', code, message, file: file.path, line, column });
    if (wrong.length > 0) rejected += 1;
    raw.forEach((value, index) => {
      if (value === null) return;
      const report = (severity: Problem['severity'], code: string, message: string, place: Place): void => {
        const rule = isMap(value) && typeof value['id'] === 'string' ? value['id'] : undefined;
        problems.push({ severity, code, message, file: file.path, ...locate(file.text, index, place), ...(rule === undefined ? {} : { rule }) });
      };
      try {
        const document = parseDocument(value, { file: file.path, document: index }, options.placeholders ?? {}, (code, message, path, offset) => report('warning', code, message, { path, ...(offset === undefined ? {} : { offset }) }));
        documents.push(document);
        places.set(document, { file, index });
      } catch (error) {
        rejected += 1;
        if (error instanceof RuleError) report('error', error.code, error.message, error.place);
        else if (error instanceof RangeError) report('error', 'rule-depth', 'the document is nested too deeply', { path: [] });
        else throw error;
      }
    });
  }
  const report = (document: SigmaDocument, severity: Problem['severity'], code: string, message: string, path: readonly (string | number)[]): void => {
    const { file, index } = places.get(document)!;
    problems.push({ severity, code, message, file: file.path, ...locate(file.text, index, { path }), rule: document.id });
  };
  const seen = new Map<string, SigmaDocument>();
  for (const document of documents) {
    const first = seen.get(document.id);
    if (first !== undefined) report(document, 'warning', 'id-duplicate', `the id is also that of ${first.source.file}`, ['id']);
    else seen.set(document.id, document);
  }
  for (const document of documents) {
    if (document.kind !== 'rule') continue;
    for (const { code, message, path } of lintRule(document)) report(document, 'warning', code, message, path);
    for (const { field, near, pipelines } of options.knownFields?.(document) ?? []) report(document, 'warning', 'field-unknown', `no event of this log source has "${field}" (pipeline ${pipelines.join(', ')})${near === null ? '; map it under "fields" of a pipeline, or name it under "knows"' : `; "${near}" is meant?`}`, pathOfField(document, field));
  }
  const filters = documents.filter((each): each is SigmaFilter => each.kind === 'filter');
  const rules = applyFilters(documents.filter((each): each is SigmaRule => each.kind === 'rule'), filters, (filter, code, message, path) => report(filter, 'warning', code, message, path));
  const { kept, refused } = resolve(documents.filter((each): each is SigmaCorrelation => each.kind === 'correlation'), rules);
  for (const { correlation, message } of refused) report(correlation, 'error', 'correlation-reference', message, ['correlation', 'rules']);
  return { rules, correlations: kept, filters, problems, rejected: rejected + refused.length };
}

/** The first selection that asks for the field. */
function pathOfField(rule: SigmaRule, field: string): readonly string[] {
  for (const [name, selection] of rule.selections) if (fieldsOf(selection).has(field)) return ['detection', name];
  return ['detection'];
}

function parseDocument(value: unknown, source: { readonly file: string; readonly document: number }, placeholders: Placeholders, warn: Warn): SigmaDocument {
  if (!isMap(value)) throw new RuleError('document-type', 'a rule is a map with title, logsource and detection', { path: [] });
  if ('action' in value) throw new RuleError('document-action', '"action" (global, reset, repeat) is obsolete; write every rule out, or several documents with "---"', { path: ['action'] });
  if ('correlation' in value) return parseCorrelation(value, source, warn);
  if ('filter' in value && !('detection' in value)) return parseFilter(value, source, placeholders, warn);
  return parseRule(value, source, placeholders, warn);
}

function applyFilters(rules: readonly SigmaRule[], filters: readonly SigmaFilter[], warn: (filter: SigmaFilter, code: string, message: string, path: readonly (string | number)[]) => void): readonly SigmaRule[] {
  if (filters.length === 0) return rules;
  const extra = new Map<SigmaRule, SigmaFilter[]>();
  for (const filter of filters) {
    let applied = 0;
    for (const rule of rules) {
      if (filter.rules !== 'any' && !filter.rules.includes(rule.id) && (rule.name === null || !filter.rules.includes(rule.name))) continue;
      if (!covers(filter.logsource, rule.logsource)) continue;
      applied += 1;
      extra.set(rule, [...(extra.get(rule) ?? []), filter]);
    }
    if (applied === 0) warn(filter, 'filter-unused', 'no rule has this id or name and this logsource, so the filter has no effect', ['filter', 'rules']);
  }
  return rules.map((rule) => {
    const more = extra.get(rule);
    return more === undefined ? rule : { ...rule, condition: and([rule.condition, ...more.map(({ condition }) => condition)]) };
  });
}

/** Whether everything the one log source says is said by the other too. */
export const covers = (wide: LogSource, narrow: LogSource): boolean => (['category', 'product', 'service'] as const).every((part) => wide[part] === null || wide[part] === narrow[part]);

/** Correlations whose rules exist and that do not read themselves. */
function resolve(correlations: readonly SigmaCorrelation[], rules: readonly SigmaRule[]): { readonly kept: SigmaCorrelation[]; readonly refused: { readonly correlation: SigmaCorrelation; readonly message: string }[] } {
  const known = new Set(rules.flatMap((rule) => (rule.name === null ? [rule.id] : [rule.id, rule.name])));
  const kept: SigmaCorrelation[] = [];
  let left = [...correlations];
  // In rounds: what reads only what is known becomes known itself, so the kept ones are in the order of evaluation.
  for (let progress = true; progress;) {
    progress = false;
    const next: SigmaCorrelation[] = [];
    for (const correlation of left) {
      if (correlation.rules.every((rule) => known.has(rule))) {
        kept.push(correlation);
        known.add(correlation.id);
        if (correlation.name !== null) known.add(correlation.name);
        progress = true;
      } else next.push(correlation);
    }
    left = next;
  }
  return { kept, refused: left.map((correlation) => ({ correlation, message: `it reads ${correlation.rules.filter((rule) => !known.has(rule)).map((rule) => `"${rule}"`).join(', ')}: there is no such rule, it was refused, or it reads this correlation again` })) };
}
