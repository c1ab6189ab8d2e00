import { isUtf8 } from 'node:buffer';
import { WaryError } from '@wary/model/errors.js';
import type { ErrorCode } from '@wary/model/error-codes.js';
import type { RawRecord, RecordNotes } from '@wary/model/raw-record.js';
import type { SourceName } from '@wary/model/sources.js';
import type { DeadLetterDraft } from './dead-letter.js';
import { EventReader } from './event-reader.js';
import type { IngestLimits } from './ingest-limits.js';
import { createJsonScan, scanJson } from './json-scan.js';
import { notesOf, parseScanned } from './parse-json.js';
import type { ReadBody, ReadContext, Rejection } from './read-body.js';

/** Collects what one body holds: records, and for each that cannot be read a rejection and a dead letter. */
export class BodyReader {
  readonly records: RawRecord[] = [];
  readonly rejected: Rejection[] = [];
  readonly letters: DeadLetterDraft[] = [];
  readonly source: SourceName;
  /** Known once for the whole body, so that a record is checked only when something in it is wrong. */
  readonly validUtf8: boolean;
  /** Where the last value ended; -1 when it broke off. */
  valueEnd = -1;
  private readonly scan = createJsonScan();
  private readonly keepText: boolean;
  private readonly events: EventReader | null;

  constructor(private readonly body: Buffer, private readonly context: ReadContext, private readonly limits: IngestLimits) {
    this.source = context.source ?? 'native';
    this.validUtf8 = isUtf8(body);
    // The columns of a native event say everything; of other sources the record is kept beside the row.
    this.keepText = this.source !== 'native';
    this.events = this.source === 'native' ? new EventReader(body, this.validUtf8, limits) : null;
  }

  /** Takes the JSON value from `start` on: up to `end` (`whole`), or to where its brackets close (then see `valueEnd`). */
  takeJson(start: number, end: number, whole: boolean, line: number): void {
    if (this.events !== null) {
      const record = this.events.read(start, end);
      if (record !== undefined && (!whole || this.events.end === end)) {
        this.valueEnd = this.events.end;
        this.push(record, '', start, line, undefined);
        return;
      }
    }
    const { scan, body, limits } = this;
    scanJson(body, start, end, whole, limits, scan);
    this.valueEnd = scan.end;
    if (scan.end <= start) return;
    const parsed = parseScanned(body, start, scan.end, this.validUtf8, limits, scan);
    if (!parsed.ok) {
      this.reject(line, start, scan.end, parsed.code, parsed.message);
      return;
    }
    this.push(parsed.value, this.keepText ? parsed.text : '', start, line, notesOf(parsed.repaired, parsed.bigIntegers));
  }

  private push(value: unknown, text: string, start: number, line: number, notes: RecordNotes | undefined): void {
    this.count();
    const { context } = this;
    this.records.push({
      source: this.source, tenant: context.tenant, receivedAt: context.receivedAt, value, text, line,
      transportId: context.file === undefined ? '' : `${context.file}:${(context.offset ?? 0) + start}`, notes,
    });
  }

  /** The result alone: the reader holds the body, and must not live as long as the records. */
  result(): ReadBody {
    const { records, rejected, letters } = this;
    return { records, rejected, letters };
  }

  takeText(text: string, line: number, transportId: string, repaired: boolean): void {
    this.count();
    const { context } = this;
    this.records.push({ source: this.source, tenant: context.tenant, receivedAt: context.receivedAt, value: text, text, line, transportId, notes: notesOf(repaired, null) });
  }

  takeValue(value: unknown, line: number, notes: RawRecord['notes']): void {
    this.count();
    const { context } = this;
    this.records.push({ source: this.source, tenant: context.tenant, receivedAt: context.receivedAt, value, text: '', line, transportId: '', notes });
  }

  reject(line: number, start: number, end: number, code: ErrorCode, message: string): void {
    this.rejectWith(line, code, message, this.body.toString('utf8', start, Math.min(end, start + this.limits.recordBytesMax)));
  }

  rejectWith(line: number, code: ErrorCode, message: string, payload: string): void {
    this.count();
    const { tenant, receivedAt } = this.context;
    this.rejected.push({ line, code, message });
    this.letters.push({ tenant, source: this.source, offset: line, code, message, receivedAt, payload });
  }

  private count(): void {
    if (this.records.length + this.rejected.length >= this.limits.batchRecordsMax) {
      throw new WaryError('batch_too_large', `The body has more than ${this.limits.batchRecordsMax} records: send smaller batches`);
    }
  }
}
