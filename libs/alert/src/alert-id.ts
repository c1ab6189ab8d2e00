import { createHash } from 'node:crypto';
import { entityKey, type Entity } from '@wary/model/entity.js';

/** What makes two findings the same alert. History is kept apart, so that a backfill never joins what somebody works on today. */
export interface DedupParts { readonly tenant: string; readonly entity: Entity; readonly reason: string; readonly historical: boolean }

/** Fixed length, so that it is a short index key whatever the entity is called. */
export function dedupKeyOf({ tenant, entity, reason, historical }: DedupParts): string {
  return digest([tenant, entityKey(entity), reason, historical]);
}

/** The same for every replay: the hash of the dedup key and of the finding that opened the alert. */
export const alertIdOf = (dedupKey: string, firstFindingId: string): string => digest([dedupKey, firstFindingId]);

const ID_HEX_CHARS = 32;
const digest = (parts: readonly unknown[]): string => createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, ID_HEX_CHARS);
