import type { ErrorCode } from '@wary/model/error-codes.js';
import { DEFAULT_INGEST_LIMITS, type IngestLimits } from './ingest-limits.js';

export type ParsedRecord =
  | { readonly ok: true; readonly value: unknown; readonly repaired: boolean; readonly bigIntegers: Readonly<Record<string, string>> | null }
  | { readonly ok: false; readonly code: ErrorCode; readonly message: string };

export function parseJsonRecord(text: string, _limits: IngestLimits = DEFAULT_INGEST_LIMITS): ParsedRecord {
  return { ok: true, value: JSON.parse(text), repaired: false, bigIntegers: null };
}
