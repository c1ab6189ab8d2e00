/** Every limit of the service's inputs, with its unit in its name. Reaching one is an error with a stable code, counted. */
export const INGEST_LIMITS = {
  bodyBytesMax: 32 * 1024 * 1024,
  inflatedBytesMax: 128 * 1024 * 1024,
  inflateRatioMax: 100,
  recordBytesMax: 1024 * 1024,
  depthMax: 32,
  keysPerRecordMax: 1_000,
  stringCharsMax: 256 * 1024,
  batchRecordsMax: 50_000,
  idCharsMax: 512,
  nameCharsMax: 1_024,
  rejectionsReportedMax: 1_000,
  idempotencyKeyCharsMax: 255,
  idempotencyKeysMax: 10_000,
  idempotencyBytesMax: 32 * 1024 * 1024,
  idempotencyMs: 24 * 60 * 60 * 1000,
} as const;

export const API_LIMITS = {
  bodyBytesMax: 1024 * 1024,
  pageItemsMax: 200,
  noteCharsMax: 10_000,
  reasonCharsMax: 2_000,
  registerRowsMax: 100_000,
  bulkItemsMax: 500,
} as const;
