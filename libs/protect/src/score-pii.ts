import { scanText } from './scan-text.js';
import type { PiiType } from './span.js';

export interface PiiSpan { readonly start: number; readonly end: number; readonly type: PiiType }

/** Personal data with structure in a text: UTF-16 offsets, end exclusive, in order, without overlaps. */
export function findPii(text: string): PiiSpan[] {
  return scanText(text).filter((span) => !span.secret).map(({ start, end, type }) => ({ start, end, type: type as PiiType }));
}
