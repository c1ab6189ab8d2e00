import type { ErrorCode } from '@wary/model/error-codes.js';
import type { Json, JsonObject } from '@wary/model/json.js';
import type { RecordNotes } from '@wary/model/raw-record.js';
import type { IngestLimits } from './ingest-limits.js';
import { isForbiddenName } from './json-scan.js';
import { notesOf } from './parse-json.js';

/** A record that cannot be taken; caught where the record is read, never further up. */
export class OtlpRecordError extends Error {
  constructor(readonly code: ErrorCode, message: string) {
    super(message);
  }
}

/** Builds the values of one record under the limits, whichever encoding they come in. `begin` before each record. */
export class ValueBuilder {
  private keys = 0;
  private repaired = false;
  private bigIntegers: Record<string, string> | null = null;
  private bigCount = 0;

  constructor(private readonly limits: IngestLimits) {}

  begin(): void {
    this.keys = 0;
    this.repaired = false;
    this.bigIntegers = null;
    this.bigCount = 0;
  }

  notes(): RecordNotes | undefined {
    return notesOf(this.repaired, this.bigIntegers);
  }

  /** A string of the record; what PostgreSQL or UTF-8 cannot keep becomes U+FFFD. */
  text(value: string): string {
    if (value.length > this.limits.stringCharsMax) throw new OtlpRecordError('string_too_long', `a string has more than ${this.limits.stringCharsMax} characters`);
    if (value.includes('\0')) {
      this.repaired = true;
      return this.text(value.replaceAll('\0', '�'));
    }
    // Both decoders have replaced what was no text already; a sender's own U+FFFD counts too, which does no harm.
    if (value.includes('�')) this.repaired = true;
    return value;
  }

  /** Of two equal keys the last wins, as in JSON. */
  put(target: JsonObject, key: string, value: Json): void {
    this.keys += 1;
    if (this.keys > this.limits.keysPerRecordMax) throw new OtlpRecordError('too_many_keys', `it has more than ${this.limits.keysPerRecordMax} attributes`);
    if (isForbiddenName(key)) throw new OtlpRecordError('forbidden_key', 'an attribute is named __proto__, constructor or prototype: rename it');
    target[key] = value;
  }

  assertDepth(depth: number): void {
    if (depth > this.limits.depthMax) throw new OtlpRecordError('too_deep', `it is nested deeper than ${this.limits.depthMax} levels`);
  }

  /** An integer from its decimal digits; beyond 2^53 the digits are kept beside it. */
  integer(digits: string, path: string): number {
    const value = Number(digits);
    if (!Number.isSafeInteger(value) && Number.isFinite(value)) this.keepDigits(path, digits);
    return value;
  }

  /** An integer from its two words, as protobuf has it. */
  words(low: number, high: number, path: string): number {
    const value = high * 4_294_967_296 + (low >>> 0);
    if (!Number.isSafeInteger(value)) this.keepDigits(path, ((BigInt(high) << 32n) | BigInt(low >>> 0)).toString());
    return value;
  }

  /** NaN and the infinities have no place in JSON: their names stand for them, as in ProtoJSON. */
  double(value: number): Json {
    return Number.isFinite(value) ? value : String(value);
  }

  private keepDigits(path: string, digits: string): void {
    this.bigCount += 1;
    if (this.bigCount > this.limits.keysPerRecordMax) throw new OtlpRecordError('too_many_keys', `it has more than ${this.limits.keysPerRecordMax} integers beyond 2^53: send them as strings`);
    if (isForbiddenName(path)) return;
    (this.bigIntegers ??= {})[path] = digits;
  }
}

/** Nanoseconds since the epoch, in two words, as whole milliseconds: exact, since 2^32 ns = 4294 ms + 967,296 ns. */
export const nanosToMs = (low: number, high: number): number => high * 4294 + Math.floor((high * 967_296 + low) / 1e6);

/** Milliseconds between two times in words, with a fraction. */
export const nanosBetween = (low0: number, high0: number, low1: number, high1: number): number => ((high1 - high0) * 4_294_967_296 + (low1 - low0)) / 1e6;
