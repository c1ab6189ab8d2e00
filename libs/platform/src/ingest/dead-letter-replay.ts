import { readNativeBody } from '@wary/ingest/native-body.js';
import type { ReadBody } from '@wary/ingest/read-body.js';
import { parseJsonRecord } from '@wary/ingest/parse-json.js';
import { readTextBody } from '@wary/ingest/text-body.js';
import type { DeadLetter } from '@wary/model/dead-letter.js';
import type { RawRecord } from '@wary/model/raw-record.js';
import { recordFormat } from '@wary/normalize/normalize-record.js';
import type { Clock } from '@wary/ports/clock.port.js';
import type { DeadLetterStore } from '@wary/ports/dead-letter-store.port.js';
import type { EventPath } from '../path/event-path.js';

export interface ReplayResult { readonly replayed: number; readonly duplicates: number; readonly rejected: ReadonlyArray<{ id: string; code: string; message: string }> }

/** Sends dead letters through the path again. Their identity is the letter's, so that doing it twice adds nothing. What fails again stays. */
export function createDeadLetterReplay({ path, store, clock }: { path: EventPath; store: DeadLetterStore; clock: Clock }): (tenant: string, ids: readonly string[]) => Promise<ReplayResult> {
  return async (tenant, ids) => {
    const result = { replayed: 0, duplicates: 0, rejected: [] as Array<{ id: string; code: string; message: string }> };
    const done: string[] = [];
    for (const letter of await store.loadDeadLetters(tenant, ids)) {
      const taken = await path.take(readLetter(letter), { keepLetters: false });
      result.duplicates += taken.duplicates;
      if (taken.rejected.length > 0) result.rejected.push(...taken.rejected.slice(0, 1).map(({ code, message }) => ({ id: letter.id, code, message })));
      else {
        result.replayed += taken.accepted;
        done.push(letter.id);
      }
    }
    if (done.length > 0) await store.markReplayed(tenant, done, clock.now());
    return result;
  };
}

/** Received when it came, not now: a letter of last week is history. */
function readLetter({ id, tenant, source, payload, receivedAt }: DeadLetter): ReadBody {
  const body = Buffer.from(payload, 'utf8');
  const context = { tenant, receivedAt, source, file: `deadletter-${id}`, offset: 0 };
  switch (recordFormat(source)) {
    case 'text': return readTextBody(body, context);
    case 'otlp': return readOtlpLetter(payload, { source, tenant, receivedAt, line: 0, transportId: `${context.file}:0`, text: '' });
    default: return readNativeBody(body, 'application/x-ndjson', context);
  }
}

/** The letter of an OTLP record is the decoded span or log as JSON. */
function readOtlpLetter(payload: string, record: Omit<RawRecord, 'value'>): ReadBody {
  const parsed = parseJsonRecord(payload);
  if (!parsed.ok) return { records: [], rejected: [{ line: 0, code: parsed.code, message: parsed.message }], letters: [] };
  return { records: [{ ...record, value: parsed.value }], rejected: [], letters: [] };
}
