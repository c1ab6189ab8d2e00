import { WaryError } from '@wary/model/errors.js';

/** Throws `stale_version` when somebody changed the thing since the caller read it. */
export function requireVersion(version: number, ifMatch: number | undefined): void {
  if (ifMatch !== undefined && ifMatch !== version) throw new WaryError('stale_version', undefined, { version });
}
