import { hash } from 'node:crypto';

/**
 * A text that two values have in common exactly when they are equal, whatever the order of their keys; keys that are undefined are not there.
 * Lengths stand before texts, so nothing has to be escaped and no text can be taken for structure.
 */
export function canonicalText(value: unknown): string {
  switch (typeof value) {
    case 'string': return `${value.length}:${value}`;
    case 'number': return `n${value};`;
    case 'boolean': return value ? 't' : 'f';
    case 'object': return value === null ? 'z' : Array.isArray(value) ? canonicalArray(value) : canonicalObject(value as Readonly<Record<string, unknown>>);
    default: return 'z';
  }
}

function canonicalArray(items: readonly unknown[]): string {
  let out = '[';
  for (let i = 0; i < items.length; i += 1) out += canonicalText(items[i]);
  return `${out}]`;
}

function canonicalObject(object: Readonly<Record<string, unknown>>): string {
  const keys: string[] = [];
  for (const key in object) if (object[key] !== undefined) keys.push(key);
  keys.sort();
  let out = '{';
  for (let i = 0; i < keys.length; i += 1) {
    const key = keys[i]!;
    out += `${key.length}:${key}${canonicalText(object[key])}`;
  }
  return `${out}}`;
}

/** 128 bits of SHA-256 in hex: an identity that nobody can make collide on purpose. */
export const contentHash = (text: string): string => hash('sha256', text, 'hex').slice(0, 32);
