import { createCountryOf } from '@wary/enrich/geo.js';
import { createEnricher } from '@wary/enrich/enricher.js';
import { releaseMarkOf } from '@wary/enrich/mark-subject.js';
import { readNativeBody } from '@wary/ingest/native-body.js';
import type { Event } from '@wary/model/event.js';
import type { RawRecord } from '@wary/model/raw-record.js';
import { emptyRegisters, type Registers } from '@wary/model/registers.js';
import { normalizeRecord } from '@wary/normalize/normalize-record.js';
import { createProtector } from '@wary/protect/protector.js';

/** Files may be of any age; the live service has its retention. */
const RETENTION_DAYS = 36_500;
/** Nothing is stored, so no key needs to be kept: masks of this run agree with each other. */
const PSEUDONYM_KEY = new Uint8Array(32);

export interface Refused { readonly line: number; readonly code: string; readonly message: string }
export interface OfflinePath { /** Events of a body of NDJSON lines in their order; `firstLine` numbers the refused ones. */ read(body: Buffer, firstLine: number): { readonly events: Event[]; readonly refused: Refused[] } }

/** The path of a live event up to its score, without a store: ingest, normalize, enrich, protect. Each event is taken as received when it happened, so none is history. */
export function createOfflinePath(registers: Registers = emptyRegisters(), onRecord?: (record: RawRecord) => void): OfflinePath {
  const enricher = createEnricher({ registers, countryOf: createCountryOf() });
  const protector = createProtector({ registers, policy: { pii: 'mask', secrets: 'mask', pseudonymise: false }, pseudonymKey: PSEUDONYM_KEY });
  let seq = 0;
  return {
    read(body, firstLine) {
      const { records, rejected } = readNativeBody(body, 'application/x-ndjson', { tenant: 'default', receivedAt: 0 });
      const refused: Refused[] = rejected.map(({ line, code, message }) => ({ line: firstLine + line, code, message: protector.protectText(message) }));
      const events: Event[] = [];
      for (const record of records) {
        onRecord?.(record);
        const step = normalizeRecord({ ...record, receivedAt: timeOf(record.value) }, { retentionDays: RETENTION_DAYS });
        if (step.kind === 'ok') {
          step.value.seq = seq += 1;
          const event = protector.protectEvent(enricher.enrichEvent(step.value));
          events.push(event);
          const mark = event.kind === 'lifecycle' ? releaseMarkOf(event) : null;
          if (mark !== null) events.push(protector.protectEvent(enricher.enrichEvent({ ...mark, seq: seq += 1 })));
        } else if (step.kind === 'deadLetter') refused.push({ line: firstLine + record.line, code: step.code, message: protector.protectText(step.message) });
      }
      return { events, refused: refused.sort((a, b) => a.line - b.line) };
    },
  };
}

function timeOf(value: unknown): number {
  const time = (value as { time?: unknown } | null)?.time;
  const at = typeof time === 'number' ? time : typeof time === 'string' ? Date.parse(time) : Number.NaN;
  return Number.isFinite(at) && at > 0 ? at : 0;
}
