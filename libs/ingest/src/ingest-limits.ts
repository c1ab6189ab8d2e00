import { INGEST_LIMITS } from '@wary/model/limits.js';

export type IngestLimits = { readonly [Name in keyof typeof INGEST_LIMITS]: number };
export const DEFAULT_INGEST_LIMITS: IngestLimits = INGEST_LIMITS;
