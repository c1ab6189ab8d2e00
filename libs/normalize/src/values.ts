import { mappedIpv4, parseIpv4, parseIpv6 } from '@wary/model/ip.js';
import type { Json, JsonObject } from '@wary/model/json.js';
import { INGEST_LIMITS } from '@wary/model/limits.js';

/** A value of a record that was never validated. */
export type Loose = { readonly [key: string]: unknown };

/** The line of a text source; whatever else stands in its place is a line that has no format. */
export const lineOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const EMPTY: Loose = Object.freeze({});
export const objectOf = (value: unknown): Loose => (typeof value === 'object' && value !== null && !Array.isArray(value) ? value as Loose : EMPTY);
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
/** A text, or a number as text; '' when it is neither. Cut at the limit for names. */
export function textOf(value: unknown, charsMax: number = INGEST_LIMITS.nameCharsMax): string {
  const text = typeof value === 'string' ? value : typeof value === 'number' && Number.isFinite(value) ? String(value) : '';
  return text.length > charsMax ? clip(text, charsMax) : text;
}
export const idOf = (value: unknown): string => textOf(value, INGEST_LIMITS.idCharsMax);

/** A count or size: a finite number that is not negative, also as text; null when it is none. */
export function amountOf(value: unknown): number | null {
  const number = typeof value === 'string' && value !== '' && value.length < 25 ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : null;
}
export const textsOf = (value: unknown): readonly string[] => (typeof value === 'string' ? (value === '' ? [] : [value]) : listOf(value).filter((item) => typeof item === 'string').slice(0, 100).map((item) => textOf(item)));

/** Never between the two halves of a character. */
export function clip(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text;
  const last = text.charCodeAt(charsMax - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? charsMax - 1 : charsMax);
}

/** A name that would reach the prototype is none. Ingest refuses such keys; this holds for whoever else calls. */
export function setAttribute(target: JsonObject, key: string, value: Json): void {
  if (key !== '__proto__') target[key] = value;
}

const WORDS = new Uint32Array(4);
/** An address as it is compared: without zone, port or brackets, IPv4 in its own form. '' when it is none. */
export function addressOf(value: unknown): string {
  if (typeof value !== 'string' || value === '') return '';
  if (parseIpv4(value) >= 0) return value;
  let text = value;
  if (text.charCodeAt(0) === 91) {
    const end = text.indexOf(']');
    if (end < 0) return '';
    text = text.slice(1, end);
  } else if (text.indexOf(':') === text.lastIndexOf(':') && text.includes(':')) {
    text = text.slice(0, text.indexOf(':'));
    return parseIpv4(text) >= 0 ? text : '';
  }
  if (!parseIpv6(text, WORDS)) return '';
  const v4 = mappedIpv4(WORDS);
  if (v4 >= 0) return [v4 >>> 24, (v4 >>> 16) & 255, (v4 >>> 8) & 255, v4 & 255].join('.');
  const zone = text.indexOf('%');
  return (zone < 0 ? text : text.slice(0, zone)).toLowerCase();
}

/** JSON inside of a text (messages in span attributes), when it is an object or array of reasonable depth; else null and the text stays one. */
export function nestedJson(text: string): Json {
  const first = text.charCodeAt(0);
  if (first !== 91 && first !== 123) return null;
  try {
    const value = JSON.parse(text) as Json;
    return isTame(value, INGEST_LIMITS.depthMax) ? value : null;
  } catch {
    return null;
  }
}

function isTame(value: Json, depthLeft: number): boolean {
  if (typeof value === 'string') return !value.includes('\0') && !LONE_SURROGATE.test(value);
  if (typeof value !== 'object' || value === null) return typeof value !== 'number' || Number.isFinite(value);
  if (depthLeft === 0) return false;
  for (const key of Object.keys(value)) {
    if (key === '__proto__' || key === 'constructor' || key === 'prototype') return false;
    if (!isTame((value as JsonObject)[key]!, depthLeft - 1)) return false;
  }
  return true;
}
const LONE_SURROGATE = /\p{Surrogate}/u;
