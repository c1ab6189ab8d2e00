import { WaryError } from '@wary/model/errors.js';

/**
 * Codes of ClickHouse (ErrorCodes.cpp) that say "not now": no space, no memory, too many parts or queries, a lost server or disk.
 * The same call may succeed later and, because inserts are idempotent, may be made again.
 */
const UNAVAILABLE_CODES: ReadonlySet<string> = new Set([
  '3', // UNEXPECTED_END_OF_FILE
  '74', '75', '76', '77', '88', // cannot read from, write to, open or close a file; cannot create a directory
  '102', '106', '198', '209', '210', // unexpected packet, invalid host, DNS_ERROR, SOCKET_TIMEOUT, NETWORK_ERROR
  '159', '160', // TIMEOUT_EXCEEDED, TOO_SLOW
  '164', '242', // READONLY, TABLE_IS_READ_ONLY
  '173', // CANNOT_ALLOCATE_MEMORY
  '202', '203', // TOO_MANY_SIMULTANEOUS_QUERIES, NO_FREE_CONNECTION
  '236', // ABORTED
  '241', // MEMORY_LIMIT_EXCEEDED
  '243', // NOT_ENOUGH_SPACE
  '252', // TOO_MANY_PARTS
  '254', '255', // NO_ACTIVE_REPLICAS, NO_AVAILABLE_REPLICA
  '279', '285', '286', '289', '297', // all connections failed, too few live replicas, quorum, replica not in quorum, all replicas lost
  '319', '373', // UNKNOWN_STATUS_OF_INSERT, SESSION_IS_LOCKED
  '394', '396', // QUERY_WAS_CANCELLED, TOO_MANY_ROWS_OR_BYTES
  '425', // SYSTEM_ERROR
  '439', // CANNOT_SCHEDULE_TASK
  '497', '499', // ACCESS_DENIED after a change of rights, S3_ERROR
  '516', '999', // AUTHENTICATION_FAILED (credentials being rotated), KEEPER_EXCEPTION
]);

/** Of the socket and of the file system, by Node's name. */
const UNAVAILABLE_ERRNO: ReadonlySet<string> = new Set([
  'ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH',
  'ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'EMFILE', 'ENFILE', 'EFBIG', 'ENOMEM', 'CHDB_CLOSED', 'CHDB_CONNECTION', 'CHDB_ABORT', 'CHDB_TIMEOUT',
]);

/** Errors of the engine, the socket and the scratch file, as the service names them. Decided by code, not by words. */
export function storeError(error: unknown): WaryError {
  if (error instanceof WaryError) return error;
  const code = codeOf(error);
  if (UNAVAILABLE_CODES.has(code) || UNAVAILABLE_ERRNO.has(code)) {
    return new WaryError('store_unavailable', undefined, { retryAfterSeconds: 1 }, error);
  }
  // A wrong query is our bug; its text stays in the cause, out of the answer.
  return new WaryError('internal', undefined, {}, error);
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const code = 'clickhouseCode' in error && error.clickhouseCode !== undefined ? error.clickhouseCode : 'code' in error ? error.code : '';
  return typeof code === 'string' || typeof code === 'number' ? String(code) : '';
}

export const storeClosed = (): WaryError => new WaryError('store_unavailable', 'The store is closed', { retryAfterSeconds: 1 });
