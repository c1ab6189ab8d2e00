import type { Scope } from '@wary/model/permissions.js';
import { sendJson } from './http.js';
import { queryClient } from './queries.js';

/** `key` is the only time the key itself is seen. */
export interface CreatedKey { readonly id: string; readonly name: string; readonly key: string }

export async function createApiKey(draft: { name: string; scopes: Scope[]; expiresAt?: number | null }): Promise<CreatedKey> {
  const created = await sendJson<CreatedKey>('POST', '/v1/api-keys', draft);
  await queryClient.invalidateQueries({ queryKey: ['api-keys'] });
  return created;
}
