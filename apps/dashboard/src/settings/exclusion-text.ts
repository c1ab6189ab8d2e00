import type { RuleExclusion } from '../api/rules.js';

type Value = string | number | boolean | null | ReadonlyArray<string | number | boolean>;

/** An exclusion as a person writes it: one `field: value` a line, several values in brackets. */
export function exclusionText({ fields }: Pick<RuleExclusion, 'fields'>): string {
  return Object.entries(fields).map(([field, value]) => `${field}: ${Array.isArray(value) ? `[${value.map(String).join(', ')}]` : String(value)}`).join('\n');
}

/** What was written, or the first line that cannot be read. */
export function parseExclusion(text: string): { readonly fields: Readonly<Record<string, Value>> } | { readonly problem: string } {
  const fields: Record<string, Value> = {};
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const at = line.indexOf(':');
    const field = line.slice(0, at).trim();
    if (at < 1 || field === '') return { problem: `"${line.trim()}" is not field: value` };
    if (Object.hasOwn(fields, field)) return { problem: `"${field}" is there twice` };
    const value = line.slice(at + 1).trim();
    fields[field] = value.startsWith('[') && value.endsWith(']') ? value.slice(1, -1).split(',').map((part) => scalar(part.trim()) ?? '') : scalar(value);
  }
  return Object.keys(fields).length === 0 ? { problem: 'Write at least one field: value' } : { fields };
}

function scalar(text: string): string | number | boolean | null {
  if (text === 'null') return null;
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d{1,15}(\.\d{1,9})?$/.test(text) ? Number(text) : text;
}
