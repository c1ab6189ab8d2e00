import type { Event } from '@wary/model/event.js';
import type { JsonObject } from '@wary/model/json.js';
import { contentHash } from '../canonical-hash.js';
import { idOf } from '../values.js';

/** Attributes that carry a credential. Their values are never kept, not even in the raw record: a hash of them is the actor. */
const SECRETS = [
  'http.request.header.authorization', 'http.request.header.x-api-key', 'http.request.header.api-key', 'http.request.header.x-goog-api-key', 'gen_ai.request.api_key', 'llm.api_key', 'llm.request.api_key', 'openai.api_key', 'api.key', 'api_key',
] as const;
export const SECRET_ATTRIBUTES: ReadonlySet<string> = new Set([...SECRETS, 'http.request.header.cookie', 'http.request.header.proxy-authorization', 'http.response.header.set-cookie']);
/** Gateways that hash the key themselves. */
const KEY_HASHES = ['gen_ai.request.api_key_hash', 'metadata.user_api_key_hash', 'user_api_key_hash', 'llm.api_key_hash', 'api.key.hash'] as const;
/** Who asked, the better known name first; of the same rank the current name before those of tracing libraries. */
const USERS = ['enduser.id', 'user.id', 'traceloop.association.properties.user_id', 'langfuse.user.id', 'llm.user', 'gen_ai.user.id', 'enduser.pseudo.id'] as const;
export const ACTOR_ATTRIBUTES: ReadonlySet<string> = new Set([...USERS, ...KEY_HASHES]);

/** Enough of the hash to tell keys apart, too little to be taken for a credential. */
const KEY_HASH_CHARS = 16;
export const keyId = (secret: string): string => `key_${contentHash(secret).slice(0, KEY_HASH_CHARS)}`;

/** The first of end user, pseudonym, hash of the API key, service (event model, "Actor"). */
export function mapActor(event: Event, attributes: JsonObject, resource: JsonObject): void {
  for (const name of USERS) {
    const id = idOf(attributes[name] ?? resource[name]);
    if (id !== '') return setActor(event, 'user', id);
  }
  for (const name of SECRETS) {
    const value = attributes[name];
    const secret = idOf(Array.isArray(value) ? value[0] : value);
    if (secret === '') continue;
    const user = basicUser(secret);
    return user === '' ? setActor(event, 'key', keyId(secret.replace(/^(?:Bearer|ApiKey|Token) +/i, ''))) : setActor(event, 'user', user);
  }
  for (const name of KEY_HASHES) {
    const id = idOf(attributes[name]);
    if (id !== '') return setActor(event, 'key', id);
  }
  setActor(event, 'service', idOf(resource['service.name'] ?? attributes['service.name']));
}

function setActor(event: Event, type: 'user' | 'key' | 'service', id: string): void {
  event.actor.type = type;
  event.actor.id = id;
}

/** The user of HTTP Basic (RFC 7617); a password is no key to be hashed. */
function basicUser(authorization: string): string {
  if (!/^Basic +/i.test(authorization)) return '';
  const text = Buffer.from(authorization.replace(/^Basic +/i, ''), 'base64').toString('utf8');
  return text.includes(':') ? text.slice(0, text.indexOf(':')).replaceAll('\0', '') : '';
}
