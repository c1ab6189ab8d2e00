import { WaryError } from '@wary/model/errors.js';
import type { Kysely, Transaction } from 'kysely';
import type { Database } from './database.js';

const ATTEMPTS_MAX = 4;
/** serialization_failure, deadlock_detected: PostgreSQL asks to do it again. */
const REPEAT: ReadonlySet<string> = new Set(['40001', '40P01']);
/** Classes connection exception, insufficient resources (disk full among them), operator intervention (shut-down), system error. */
const UNAVAILABLE = /^(08|53|57P|58)/;
const NETWORK: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH', 'ENOSPC', 'EIO']);

/** A transaction that is repeated when it lost against a parallel one; what may pass by itself becomes `store_unavailable`. */
export async function inTransaction<T>(db: Kysely<Database>, work: (trx: Transaction<Database>) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction().execute(work);
    } catch (error) {
      if (!REPEAT.has(codeOf(error)) || attempt === ATTEMPTS_MAX) throw asWaryError(error);
    }
  }
}

/** Reads that need no transaction, with the same word for failures. */
export async function reading<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw asWaryError(error);
  }
}

export function asWaryError(error: unknown): unknown {
  const code = codeOf(error);
  return REPEAT.has(code) ? unavailable(error) : asUnavailable(error);
}

/** As above, but what PostgreSQL asks to do again is left as it is, for whoever repeats the transaction. */
export function asUnavailable(error: unknown): unknown {
  const code = codeOf(error);
  return !(error instanceof WaryError) && (UNAVAILABLE.test(code) || NETWORK.has(code) || isConnectionLoss(error)) ? unavailable(error) : error;
}
const unavailable = (error: unknown): WaryError => new WaryError('store_unavailable', undefined, { retryAfterSeconds: 1 }, error);

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '');
/** The driver gives these without a code. */
const isConnectionLoss = (error: unknown): boolean => error instanceof Error && /^(Connection terminated|Client has encountered a connection error|Client was closed|Query read timeout|timeout exceeded when trying to connect|the embedded PostgreSQL is closed)/.test(error.message);
