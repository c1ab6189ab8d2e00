import { isUtf8 } from 'node:buffer';
import type { JsonObject } from '@wary/model/json.js';
import type { OtlpOrigin, OtlpRecord } from '@wary/model/otlp-record.js';
import type { BodyReader } from './body-reader.js';
import type { IngestLimits } from './ingest-limits.js';
import { createJsonScan, scanJson } from './json-scan.js';
import { REQUEST, RESOURCE_GROUP, SCOPE_GROUP } from './otlp-fields.js';
import { guardRequest } from './otlp-guard.js';
import { walkJson } from './otlp-json-walk.js';
import { logFromJson, NO_DIGITS, resourceFromJson, scopeFromJson, spanFromJson } from './otlp-json.js';
import { decodeLog, decodeResource, decodeScope, decodeSpan, eachMessage, NO_ORIGIN } from './otlp-protobuf.js';
import { OtlpRecordError, ValueBuilder } from './otlp-values.js';
import { parseScanned } from './parse-json.js';

export type OtlpSignal = 'traces' | 'logs';

/** What is the same for both encodings: resource and scope are read once, each record is read alone, and a failure stays with its record. */
abstract class OtlpRequest {
  protected readonly builder: ValueBuilder;
  private resource: JsonObject = {};
  private origin: OtlpOrigin = NO_ORIGIN;
  /** Why the resource or the scope could not be read: all records in it are rejected with it. */
  private groupProblem: OtlpRecordError | null = null;
  private scopeProblem: OtlpRecordError | null = null;
  private line = 0;

  constructor(protected readonly body: Buffer, private readonly reader: BodyReader, protected readonly limits: IngestLimits, protected readonly signal: OtlpSignal) {
    this.builder = new ValueBuilder(limits);
  }

  abstract read(): void;
  protected abstract resourceOf(from: number, to: number): JsonObject;
  protected abstract originOf(from: number, to: number, resource: JsonObject): OtlpOrigin;
  protected abstract recordOf(from: number, to: number, origin: OtlpOrigin): OtlpRecord;
  protected abstract payloadOf(from: number, to: number): string;

  protected group(from: number, to: number): void {
    this.resource = {};
    this.groupProblem = from === to ? null : this.attempt(() => { this.resource = this.resourceOf(from, to); });
  }

  protected scope(from: number, to: number): void {
    this.origin = { ...NO_ORIGIN, resource: this.resource };
    this.scopeProblem = this.groupProblem ?? (from === to ? null : this.attempt(() => { this.origin = this.originOf(from, to, this.resource); }));
  }

  protected record(from: number, to: number): void {
    const { reader, limits } = this;
    const line = this.line;
    this.line += 1;
    let problem = this.scopeProblem;
    if (problem === null && to - from > limits.recordBytesMax) problem = new OtlpRecordError('record_too_large', `the record has ${to - from} bytes, at most ${limits.recordBytesMax} are taken`);
    let record: OtlpRecord | null = null;
    problem ??= this.attempt(() => { record = this.recordOf(from, to, this.origin); });
    if (problem !== null) reader.rejectWith(line, problem.code, problem.message, this.payloadOf(from, to));
    else reader.takeValue(record, line, this.builder.notes());
  }

  private attempt(read: () => void): OtlpRecordError | null {
    this.builder.begin();
    try {
      read();
      return null;
    } catch (error) {
      return error instanceof OtlpRecordError ? error : new OtlpRecordError('bad_request', 'the record is damaged: it cannot be decoded');
    }
  }
}

export class ProtobufRequest extends OtlpRequest {
  read(): void {
    const { body } = this;
    guardRequest(() => eachMessage(body, 0, body.length, REQUEST.resources, (from, to) => {
      // Fields may come in any order, so the resource is looked for before what stands in it.
      this.group(...lastOf(body, from, to, RESOURCE_GROUP.resource));
      eachMessage(body, from, to, RESOURCE_GROUP.scopes, (from1, to1) => {
        this.scope(...lastOf(body, from1, to1, SCOPE_GROUP.scope));
        eachMessage(body, from1, to1, SCOPE_GROUP.records, (from2, to2) => { this.record(from2, to2); });
      });
    }));
  }

  protected resourceOf(from: number, to: number): JsonObject { return decodeResource(this.body.subarray(from, to), this.builder); }
  protected originOf(from: number, to: number, resource: JsonObject): OtlpOrigin { return decodeScope(this.body.subarray(from, to), this.builder, resource); }
  protected recordOf(from: number, to: number, origin: OtlpOrigin): OtlpRecord {
    const bytes = this.body.subarray(from, to);
    return this.signal === 'traces' ? decodeSpan(bytes, this.builder, origin) : decodeLog(bytes, this.builder, origin);
  }
  protected payloadOf(from: number, to: number): string {
    // Four characters for three bytes.
    return `data:application/x-protobuf;base64,${this.body.toString('base64', from, Math.min(to, from + Math.floor(this.limits.recordBytesMax * 0.7)))}`;
  }
}

export class JsonRequest extends OtlpRequest {
  private readonly scan = createJsonScan();
  /** OTLP/JSON says each value in an object in an object in a list, so the text has three levels and four keys for one of the record. */
  private readonly textLimits: IngestLimits = { ...this.limits, depthMax: this.limits.depthMax * 3, keysPerRecordMax: this.limits.keysPerRecordMax * 4 };
  private readonly validUtf8 = isUtf8(this.body);

  read(): void {
    walkJson(this.body, this.signal, { group: (from, to) => { this.group(from, to); }, scope: (from, to) => { this.scope(from, to); }, record: (from, to) => { this.record(from, to); } });
  }

  protected resourceOf(from: number, to: number): JsonObject {
    const { value, digits } = this.parse(from, to);
    return resourceFromJson(value, digits, this.builder);
  }
  protected originOf(from: number, to: number, resource: JsonObject): OtlpOrigin {
    const { value, digits } = this.parse(from, to);
    return scopeFromJson(value, digits, this.builder, resource);
  }
  protected recordOf(from: number, to: number, origin: OtlpOrigin): OtlpRecord {
    const { value, digits } = this.parse(from, to);
    return this.signal === 'traces' ? spanFromJson(value, digits, this.builder, origin) : logFromJson(value, digits, this.builder, origin);
  }
  protected payloadOf(from: number, to: number): string {
    return this.body.toString('utf8', from, Math.min(to, from + this.limits.recordBytesMax));
  }

  private parse(from: number, to: number): { value: unknown; digits: Readonly<Record<string, string>> } {
    const { body, scan, textLimits } = this;
    scanJson(body, from, to, true, textLimits, scan);
    const parsed = parseScanned(body, from, to, this.validUtf8, textLimits, scan);
    if (!parsed.ok) throw new OtlpRecordError(parsed.code, parsed.message);
    return { value: parsed.value, digits: parsed.bigIntegers ?? NO_DIGITS };
  }
}

/** Range of the last message of a field: of several, protobuf takes the last (we do not merge them). */
function lastOf(body: Buffer, from: number, to: number, field: number): [number, number] {
  let range: [number, number] = [0, 0];
  eachMessage(body, from, to, field, (start, end) => { range = [start, end]; });
  return range;
}

