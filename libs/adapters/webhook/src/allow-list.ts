import { isIP } from 'node:net';
import { parseAddress, sameNetwork, type Address } from './address.js';

interface HostRule { readonly kind: 'host'; readonly host: string; /** `*.example.org`: every name below it. */ readonly below: boolean; readonly port: number | null }
interface NetworkRule { readonly kind: 'network'; readonly network: Address; readonly prefixBits: number; readonly port: number | null }
export type AllowRule = HostRule | NetworkRule;

/** One item of WARY_WEBHOOK_ALLOW: a host, `*.host`, an address or a network, each with a port or without. Null when it is none of these. */
export function parseAllowRule(text: string): AllowRule | null {
  const bracketed = /^\[([^\]]+)\](?::(\d{1,5}))?$/.exec(text);
  if (bracketed !== null) return networkRule(bracketed[1]!, portOf(bracketed[2]));
  if (text.includes('/')) return networkRule(text, null);
  if (isIP(text) !== 0) return networkRule(text, null);
  const match = /^(\*\.)?([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)(?::(\d{1,5}))?$/i.exec(text);
  if (match === null) return null;
  if (isIP(match[2]!) !== 0) return match[1] === undefined ? networkRule(match[2]!, portOf(match[3])) : null;
  return { kind: 'host', host: match[2]!.toLowerCase(), below: match[1] !== undefined, port: portOf(match[3]) };
}

const portOf = (text: string | undefined): number | null => (text === undefined ? null : Number(text));

function networkRule(text: string, port: number | null): NetworkRule | null {
  const [base, bits, ...rest] = text.split('/');
  const network = parseAddress(base ?? '');
  if (network === null || rest.length > 0) return null;
  const most = network.family === 4 ? 32 : 128;
  const prefixBits = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
  return prefixBits < 0 || prefixBits > most ? null : { kind: 'network', network, prefixBits, port };
}

export const allowsHost = (rules: readonly AllowRule[], host: string, port: number): boolean => rules.some((rule) =>
  rule.kind === 'host' && (rule.port === null || rule.port === port) && (rule.below ? host.endsWith(`.${rule.host}`) : host === rule.host));

export const allowsAddress = (rules: readonly AllowRule[], address: Address, port: number): boolean => rules.some((rule) =>
  rule.kind === 'network' && (rule.port === null || rule.port === port) && sameNetwork(rule.network, address, rule.prefixBits));
