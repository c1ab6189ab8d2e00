import { isPublicAddress, parseAddress } from './address.js';
import { allowsAddress, allowsHost, parseAllowRule, type AllowRule } from './allow-list.js';

/** Ports of https that a public endpoint may have; others need an entry in the allow list. */
export const PUBLIC_PORTS: readonly number[] = [443, 8443];
const URL_CHARS_MAX = 2_000;

export interface Destination { readonly url: URL; /** Without brackets. */ readonly host: string; readonly port: number }

export interface DestinationPolicy {
  /** The URL by itself: scheme, user-info, port. What depends on the address is judged when it is known. Text says what is wrong. */
  readUrl(text: string): Destination | string;
  /** An address the host resolved to (or is). */
  mayConnect(destination: Destination, address: string): boolean;
  /** True when an entry of the allow list covers it: what the second net, which knows no allow list, must not refuse. */
  isListed(destination: Destination, address: string): boolean;
}

/** Public addresses over https on its usual ports; everything else only as the operator lists it (WARY_WEBHOOK_ALLOW). */
export function createDestinationPolicy(allow: readonly string[], publicPorts: readonly number[] = PUBLIC_PORTS): DestinationPolicy {
  const rules = allow.map((text): AllowRule => {
    const rule = parseAllowRule(text);
    if (rule === null) throw new Error(`"${text}" is neither a host nor an address nor a network`);
    return rule;
  });
  const isListed = ({ host, port }: Destination, text: string): boolean => {
    const address = parseAddress(text);
    return address !== null && (allowsHost(rules, host, port) || allowsAddress(rules, address, port));
  };
  return {
    readUrl: readUrl(rules, publicPorts),
    isListed,
    mayConnect(destination, text) {
      if (isListed(destination, text)) return true;
      const address = parseAddress(text);
      return address !== null && destination.url.protocol === 'https:' && publicPorts.includes(destination.port) && isPublicAddress(address);
    },
  };
}

function readUrl(rules: readonly AllowRule[], publicPorts: readonly number[]): DestinationPolicy['readUrl'] {
  return (text) => {
    if (text.length > URL_CHARS_MAX) return `has more than ${URL_CHARS_MAX} characters`;
    let url: URL;
    try {
      url = new URL(text);
    } catch {
      return 'is not a URL';
    }
    if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must begin with https://';
    if (url.username !== '' || url.password !== '') return 'must not hold a user name or password';
    if (url.hash !== '') return 'must not have a fragment';
    const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '').toLowerCase();
    if (host === '') return 'has no host';
    const destination: Destination = { url, host, port: Number(url.port) || (url.protocol === 'https:' ? 443 : 80) };
    const literal = parseAddress(host);
    const listed = allowsHost(rules, host, destination.port) || (literal !== null && allowsAddress(rules, literal, destination.port));
    // A name can still turn out to be listed by its network; only what no address could make right is refused here.
    if (listed || (literal === null && rules.some((rule) => rule.kind === 'network'))) return destination;
    if (url.protocol === 'http:') return 'must begin with https:// (or its host be listed in WARY_WEBHOOK_ALLOW)';
    if (!publicPorts.includes(destination.port)) return `port ${destination.port} is not open for webhooks (or list it in WARY_WEBHOOK_ALLOW)`;
    if (literal !== null && !isPublicAddress(literal)) return 'leads to an address that is not public (or list it in WARY_WEBHOOK_ALLOW)';
    return destination;
  };
}
