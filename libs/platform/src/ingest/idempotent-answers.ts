import { createHash } from 'node:crypto';
import { WaryError } from '@wary/model/errors.js';
import { INGEST_LIMITS } from '@wary/model/limits.js';

interface Remembered { readonly fingerprint: string; readonly until: number; /** Settled or under way; a repeat waits for the same one. */ readonly answer: Promise<unknown>; bytes: number }

/**
 * Answers by `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header-07): a request that is sent again with its key gets the answer
 * that the first one got, also while that one is still under way. Only what succeeded is remembered: a refusal is asked anew.
 * In memory and bounded; behind a forgotten key the events' own ids still keep them single.
 */
export class IdempotentAnswers {
  /** In the order in which they were used last. */
  private readonly known = new Map<string, Remembered>();
  private bytes = 0;

  constructor(private readonly now: () => number, private readonly onForgotten: () => void) {}

  /** `replayed` when the answer is that of an earlier request. Throws `idempotency_key_reused` when the key came with another request. */
  async once<T extends object>(tenant: string, key: string | undefined, request: readonly (string | Buffer)[], act: () => Promise<T>): Promise<{ answer: T; replayed: boolean }> {
    if (key === undefined) return { answer: await act(), replayed: false };
    if (!/^[\x21-\x7e]+$/.test(key) || key.length > INGEST_LIMITS.idempotencyKeyCharsMax) throw new WaryError('bad_request', `Idempotency-Key must be 1 to ${INGEST_LIMITS.idempotencyKeyCharsMax} visible ASCII characters`);
    const name = `${tenant}\0${key}`;
    const fingerprint = fingerprintOf(request);
    const found = this.known.get(name);
    if (found !== undefined && found.until > this.now()) {
      if (found.fingerprint !== fingerprint) throw new WaryError('idempotency_key_reused');
      this.known.delete(name);
      this.known.set(name, found);
      return { answer: (await found.answer) as T, replayed: true };
    }
    if (found !== undefined) this.drop(name, found);
    const answer = act();
    const entry: Remembered = { fingerprint, until: this.now() + INGEST_LIMITS.idempotencyMs, answer, bytes: name.length };
    this.known.set(name, entry);
    this.bytes += entry.bytes;
    try {
      const given = await answer;
      const bytes = Buffer.byteLength(JSON.stringify(given));
      if (this.known.get(name) === entry) {
        entry.bytes += bytes;
        this.bytes += bytes;
      }
      return { answer: given, replayed: false };
    } catch (error) {
      if (this.known.get(name) === entry) this.drop(name, entry);
      throw error;
    } finally {
      this.keepBounds();
    }
  }

  private keepBounds(): void {
    for (const [name, entry] of this.known) {
      if (this.known.size <= INGEST_LIMITS.idempotencyKeysMax && this.bytes <= INGEST_LIMITS.idempotencyBytesMax) return;
      if (entry.until > this.now()) this.onForgotten();
      this.drop(name, entry);
    }
  }

  private drop(name: string, { bytes }: Remembered): void {
    this.known.delete(name);
    this.bytes -= bytes;
  }
}

function fingerprintOf(parts: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(String(part.length)).update('\0').update(part);
  return hash.digest('base64');
}
