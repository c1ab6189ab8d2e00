import { fail } from '../problem.js';
import { and, or, type Expr } from './expr.js';
import { lowerItem, type Placeholders } from './modifiers.js';

export interface SelectionContext { readonly path: readonly (string | number)[]; readonly placeholders: Placeholders }
const LISTS_DEPTH_MAX = 4;

/** A selection (specification, "Detection"): a map is all of its items, a list any of its members, and what has no field is a keyword. */
export function parseSelection(name: string, value: unknown, context: SelectionContext, depth = 0): Expr {
  if (depth > LISTS_DEPTH_MAX) fail('selection-depth', 'lists within lists are no selection; one list of maps is enough', context.path);
  if (Array.isArray(value)) {
    if (value.length === 0) fail('selection-empty', `the selection "${name}" is empty; give it an item or remove it`, context.path);
    return or(value.map((each: unknown, index) => member(name, each, { ...context, path: [...context.path, index] }, depth)), depth === 0 ? name : undefined);
  }
  if (isMap(value)) return and(itemsOf(name, value, context), depth === 0 ? name : undefined);
  if (value === null || value === undefined) return fail('selection-empty', `the selection "${name}" is empty; give it an item or remove it`, context.path);
  return or([lowerItem(null, [], value, context)], name);
}

function member(name: string, value: unknown, context: SelectionContext, depth: number): Expr {
  if (Array.isArray(value)) return parseSelection(name, value, context, depth + 1);
  if (isMap(value)) return and(itemsOf(name, value, context));
  return lowerItem(null, [], value, context);
}

function itemsOf(name: string, map: Readonly<Record<string, unknown>>, context: SelectionContext): Expr[] {
  const entries = Object.entries(map);
  if (entries.length === 0) fail('selection-empty', `the selection "${name}" is empty; give it an item or remove it`, context.path);
  return entries.map(([key, value]) => {
    const [field, ...modifiers] = key.split('|').map((each) => each.trim());
    const path = [...context.path, key];
    if (isMap(value) || (Array.isArray(value) && value.some((each) => isMap(each) || Array.isArray(each)))) fail('value-type', `"${key}" has a map where values belong; write nested fields with dots (a.b), and lists of maps as a selection of their own`, path);
    return lowerItem(field === '' ? null : field!, modifiers, value, { path, placeholders: context.placeholders });
  });
}

export const isMap = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);
