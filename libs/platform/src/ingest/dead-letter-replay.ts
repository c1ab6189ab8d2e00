import { readDeadLetter } from '@wary/ingest/read-letter.js';
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
      const taken = await path.take(readDeadLetter(letter, recordFormat(letter.source) ?? 'json'), { keepLetters: false });
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
