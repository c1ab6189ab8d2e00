import { hash } from 'node:crypto';

/** The text of a value that does not depend on the order of keys; keys that are undefined are not there. */
export function canonicalText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) {
    let out = '[';
    for (let i = 0; i < value.length; i += 1) out += i === 0 ? canonicalText(value[i]) : `,${canonicalText(value[i])}`;
    return `${out}]`;
  }
  const object = value as Readonly<Record<string, unknown>>;
  let out = '{';
  for (const key of Object.keys(object).sort()) {
    const inner = object[key];
    if (inner !== undefined) out += `${out.length === 1 ? '' : ','}${JSON.stringify(key)}:${canonicalText(inner)}`;
  }
  return `${out}}`;
}

/** 128 bits of SHA-256 in hex: an identity that nobody can make collide on purpose. */
export const contentHash = (text: string): string => hash('sha256', text, 'hex').slice(0, 32);
