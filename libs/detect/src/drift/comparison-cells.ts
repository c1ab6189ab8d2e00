import type { MlDecision } from '@wary/model/event.js';

/**
 * What is compared of a model: what it decides about one group and about the rest, how often it is wrong about them, and the same of one version and another that
 * answer at the same time. Cells of an hour like those of drift: `g.sex=f|label=approve`, `g.sex=f|wrong`, `v|wrong=8`.
 */
const GROUP = 'g.';
const VERSION = 'v|';
const ATTRIBUTES_MAX = 4;
const NAME_CHARS_MAX = 40;
export const WRONG = 'wrong';
export const FAILED = 'failed';

export interface ComparedCell {
  /** The attribute of groups; '' for versions. */
  readonly attribute: string;
  /** The group, or the version. */
  readonly value: string;
  /** `label=approve`, `wrong` or `failed`. */
  readonly measure: string;
}

const clean = (name: string): string => name.slice(0, NAME_CHARS_MAX).replaceAll('=', '_').replaceAll('|', '_');

/** The cells of a decision, or of the truth that came later, each with 1 or 0; by name, so that the same are counted whatever the order they come in. */
export function groupCells({ groups, label, truth }: MlDecision, isDecision: boolean): [key: string, value: number][] {
  const names = Object.keys(groups);
  if (names.length === 0 || label === '') return [];
  const isKnown = truth !== null && typeof truth !== 'object';
  const cells: [string, number][] = [];
  for (const name of names.length > 1 ? names.sort().slice(0, ATTRIBUTES_MAX) : names) {
    const value = groups[name];
    if (value === null || value === undefined || typeof value === 'object' || value === '') continue;
    const of = `${GROUP}${clean(name)}=${clean(String(value))}|`;
    if (isDecision) cells.push([`${of}label=${clean(label)}`, 1]);
    if (isKnown) cells.push([`${of}${WRONG}`, String(truth) === label ? 0 : 1]);
  }
  return cells;
}

export const versionCell = (measure: string, version: string): string => `${VERSION}${measure}=${clean(version)}`;

/** Null: a cell of something else. */
export function comparedCell(key: string): ComparedCell | null {
  if (key.startsWith(VERSION)) {
    const at = key.indexOf('=');
    return { attribute: '', value: key.slice(at + 1), measure: key.slice(VERSION.length, at) };
  }
  if (!key.startsWith(GROUP)) return null;
  const at = key.indexOf('=');
  const end = key.indexOf('|');
  return { attribute: key.slice(GROUP.length, at), value: key.slice(at + 1, end), measure: key.slice(end + 1) };
}
