import type { Event } from '@wary/model/event.js';
import { CATEGORY_COUNT, categoryHash, categoryValue, clientFamily, networkOf } from './features.js';

const CACHED_MAX = 16_384;

/** Category hashes of an event, without building the strings they stand for. Addresses and user agents repeat, so theirs are kept. */
export class EventCategories {
  readonly hashes: Uint32Array = new Uint32Array(CATEGORY_COUNT);
  private readonly networks = new Map<string, number>();
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

  name(event: Event, category: number): string {
    return categoryValue(event, category);
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
    const known = this.networks.get(ip);
    if (known !== undefined) return known;
    const hash = hashOf(networkOf(event));
    keep(this.networks, ip, hash);
    return hash;
  }

  private ofClient(userAgent: string): number {
    if (userAgent === '') return 0;
    const known = this.clients.get(userAgent);
    if (known !== undefined) return known;
    const hash = hashOf(clientFamily(userAgent));
    keep(this.clients, userAgent, hash);
    return hash;
  }
}

const hashOf = (value: string): number => (value === '' ? 0 : categoryHash(value));

function keep<K>(cache: Map<K, number>, key: K, hash: number): void {
  if (cache.size >= CACHED_MAX) cache.clear();
  cache.set(key, hash);
}
