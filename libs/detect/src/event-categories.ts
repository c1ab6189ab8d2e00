import type { Event } from '@wary/model/event.js';
import { mix32 } from '@wary/model/hash32.js';
import { CATEGORY_COUNT, CATEGORY_HASH_START, categoryHash, clientFamily, networkOf, productEnd } from './features.js';

const CACHED_MAX = 16_384;

/** Category hashes of an event, without building the strings they stand for. Systems and browsers repeat, so theirs are kept. */
export class EventCategories {
  readonly hashes: Uint32Array = new Uint32Array(CATEGORY_COUNT);
  private readonly systems = new Map<number, number>();
  private readonly clients = new Map<string, number>();

  read(event: Event): void {
    const { hashes } = this;
    const { client, genAi } = event;
    hashes[0] = hashOf(event.resource.id);
    hashes[1] = hashOf(event.action);
    hashes[2] = hashOf(client.country);
    hashes[3] = event.knownEgress ? 0 : client.asn > 0 ? this.ofSystem(event) : this.ofAddress(event);
    hashes[4] = this.ofClient(client.userAgent);
    hashes[5] = genAi === null ? (event.ml === null ? 0 : hashOf(event.ml.model)) : hashOf(genAi.requestModel);
    hashes[6] = genAi === null ? 0 : hashOf(genAi.toolName);
  }

  private ofSystem(event: Event): number {
    const { asn } = event.client;
    const known = this.systems.get(asn);
    if (known !== undefined) return known;
    const hash = hashOf(networkOf(event));
    keep(this.systems, asn, hash);
    return hash;
  }

  private ofAddress(event: Event): number {
    const { ip } = event.client;
    if (ip === '') return 0;
    const lastDot = ip.lastIndexOf('.');
    if (lastDot > 0) return prefixHash(ip, lastDot, '.0/24');
    let end = -1;
    for (let groups = 0; groups < 3; groups += 1) {
      end = ip.indexOf(':', end + 1);
      if (end < 0) return hashOf(ip);
    }
    return prefixHash(ip, end, '::/48');
  }

  private ofClient(userAgent: string): number {
    if (userAgent === '') return 0;
    if (!userAgent.startsWith('Mozilla/')) return prefixHash(userAgent, productEnd(userAgent), '');
    const known = this.clients.get(userAgent);
    if (known !== undefined) return known;
    const hash = hashOf(clientFamily(userAgent));
    keep(this.clients, userAgent, hash);
    return hash;
  }
}

/** `categoryHash` of the beginning of a text with something behind it, without putting the two together. 0: of nothing. */
function prefixHash(text: string, end: number, suffix: string): number {
  if (end === 0 && suffix === '') return 0;
  let hash = CATEGORY_HASH_START;
  for (let i = 0; i < end; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  for (let i = 0; i < suffix.length; i += 1) hash = Math.imul(hash ^ suffix.charCodeAt(i), 0x01000193);
  return mix32(hash) || 1;
}

const hashOf = (value: string): number => (value === '' ? 0 : categoryHash(value));

function keep<K>(cache: Map<K, number>, key: K, hash: number): void {
  if (cache.size >= CACHED_MAX) cache.clear();
  cache.set(key, hash);
}
