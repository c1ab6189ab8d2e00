import { fieldsOf } from '../language/expr.js';
import type { SigmaRule } from '../language/rule-model.js';
import { isMeantFor } from '../rule-engine.js';
import type { Pipeline } from './pipeline-model.js';

/** A field of a rule that no event of its log source has. */
export interface StrangeField { readonly field: string; /** A known one that differs in case or in a letter or two. */ readonly near: string | null; readonly pipelines: readonly string[] }
export type KnownFields = (rule: SigmaRule) => StrangeField[];

interface Known { readonly names: ReadonlySet<string>; readonly patterns: readonly RegExp[] }
/** Log sources of events that nobody's route takes say nothing of their fields; a rule that could get such events is not judged. */
export function createKnownFields(pipelines: readonly Pipeline[]): KnownFields {
  const routes = pipelines.flatMap((pipeline) => pipeline.routes.map((route) => {
    const knows = route.knows ?? pipeline.knows;
    return { pipeline: pipeline.name, source: route.source, known: knows === null ? null : knownOf([...knows, ...Object.entries({ ...pipeline.fields, ...route.fields }).flatMap(([field, names]) => [field, ...names])]) };
  }));
  return (rule) => {
    const serving = routes.filter(({ source }) => isMeantFor(rule.logsource, { source, isOpen: false, fields: {} }));
    if (serving.length === 0 || serving.some(({ known }) => known === null)) return [];
    return [...fieldsOf(rule.condition)].filter((field) => !serving.some(({ known }) => isKnown(known!, field)))
      .map((field) => ({ field, near: nearest(field, serving.flatMap(({ known }) => [...known!.names])), pipelines: [...new Set(serving.map(({ pipeline }) => pipeline))] }));
  };
}

function knownOf(names: readonly string[]): Known {
  const patterns = [...new Set(names.filter((name) => name.includes('*')))].map((name) => new RegExp(`^${name.split('*').map((part) => part.replaceAll(/[.()+?^$|[\]{}\\]/g, String.raw`\$&`)).join('.*')}$`));
  return { names: new Set(names.filter((name) => !name.includes('*'))), patterns };
}

const isKnown = ({ names, patterns }: Known, field: string): boolean => names.has(field) || patterns.some((pattern) => pattern.test(field));

function nearest(field: string, names: readonly string[]): string | null {
  const lower = field.toLowerCase();
  let best: { name: string; distance: number } | null = null;
  for (const name of names) {
    const distance = name.toLowerCase() === lower ? 0 : editDistance(lower, name.toLowerCase());
    if (distance <= Math.min(2, Math.floor(field.length / 4)) && (best === null || distance < best.distance)) best = { name, distance };
  }
  return best?.name ?? null;
}

/** Levenshtein's distance, in letters. */
function editDistance(left: string, right: string): number {
  let above = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= right.length; j += 1) row.push(Math.min(row[j - 1]! + 1, above[j]! + 1, above[j - 1]! + (left[i - 1] === right[j - 1] ? 0 : 1)));
    above = row;
  }
  return above[right.length]!;
}
