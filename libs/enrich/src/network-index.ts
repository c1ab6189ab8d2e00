import { mappedIpv4, parseIpv4, parseIpv6 } from '@wary/model/ip.js';

/**
 * Longest-prefix look-up of addresses: a binary trie over the 128 bits of IPv6 (IPv4 as ::ffff:a.b.c.d starts at its own root),
 * kept in one growing Int32Array, so that a look-up allocates nothing. Host names are matched whole, `*.suffix` by suffix.
 */
export class NetworkIndex<T> {
  /** Three cells per node: child 0, child 1, value index + 1. */
  private cells = new Int32Array(3 * 64);
  private nodes = 2;
  private readonly values: T[] = [];
  private readonly hosts = new Map<string, T>();
  private readonly suffixes = new Map<string, T>();
  private readonly words = new Uint32Array(4);

  /** False when `network` is neither an address, a CIDR block nor a host name. The first of two equal networks stays. */
  add(network: string, value: T): boolean {
    const slash = network.indexOf('/');
    const address = slash < 0 ? network : network.slice(0, slash);
    const v4 = parseIpv4(address);
    const width = v4 >= 0 ? 32 : parseIpv6(address, this.words) ? 128 : 0;
    if (width === 0) return slash < 0 && this.addHost(network.toLowerCase(), value);
    const bits = slash < 0 ? width : prefixBits(network.slice(slash + 1), width);
    if (bits < 0) return false;
    if (width === 32) this.words[0] = v4;
    let node = width === 32 ? 0 : 1;
    for (let bit = 0; bit < bits; bit += 1) {
      const cell = 3 * node + ((this.words[bit >> 5]! >>> (31 - (bit & 31))) & 1);
      if (this.cells[cell] === 0) {
        if (3 * (this.nodes + 1) > this.cells.length) this.grow();
        this.cells[cell] = this.nodes;
        this.nodes += 1;
      }
      node = this.cells[cell]!;
    }
    if (this.cells[3 * node + 2] === 0) this.cells[3 * node + 2] = this.values.push(value);
    return true;
  }

  find(address: string): T | undefined {
    let v4 = parseIpv4(address);
    if (v4 < 0) {
      if (!parseIpv6(address, this.words)) return this.findHost(address.toLowerCase());
      v4 = mappedIpv4(this.words);
    }
    let node = 1;
    let bits = 128;
    if (v4 >= 0) {
      this.words[0] = v4;
      node = 0;
      bits = 32;
    }
    let best = this.cells[3 * node + 2]!;
    for (let bit = 0; bit < bits; bit += 1) {
      node = this.cells[3 * node + ((this.words[bit >> 5]! >>> (31 - (bit & 31))) & 1)]!;
      if (node === 0) break;
      if (this.cells[3 * node + 2] !== 0) best = this.cells[3 * node + 2]!;
    }
    return best === 0 ? undefined : this.values[best - 1];
  }

  private addHost(host: string, value: T): boolean {
    if (!HOST.test(host)) return false;
    const map = host.startsWith('*.') ? this.suffixes : this.hosts;
    const key = host.startsWith('*.') ? host.slice(1) : host;
    if (!map.has(key)) map.set(key, value);
    return true;
  }

  private findHost(host: string): T | undefined {
    const found = this.hosts.get(host);
    if (found !== undefined || this.suffixes.size === 0) return found;
    for (let dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
      const value = this.suffixes.get(host.slice(dot));
      if (value !== undefined) return value;
    }
    return undefined;
  }

  private grow(): void {
    const larger = new Int32Array(this.cells.length * 2);
    larger.set(this.cells);
    this.cells = larger;
  }
}

/** Anything all numeric was meant as an address and is refused. */
const HOST = /^(?:\*\.)?(?=.{1,253}$)(?=.*[a-z])[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?$/;

function prefixBits(text: string, width: number): number {
  if (!/^\d{1,3}$/.test(text)) return -1;
  const bits = Number(text);
  return bits <= width ? bits : -1;
}
