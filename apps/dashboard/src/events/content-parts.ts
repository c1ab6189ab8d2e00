import type { Json } from '@wary/model/json.js';

/** One piece of what was said: who said it, what kind of piece it is, its text. */
export interface ContentPart { readonly role: string; readonly kind: string; readonly text: string }

const PARTS_MAX = 50;
const CHARS_MAX = 20_000;

const isObject = (value: Json | undefined): value is { [key: string]: Json } => typeof value === 'object' && value !== null && !Array.isArray(value);
const asText = (value: Json | undefined): string => (typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value, null, 2));
const cut = (text: string): string => (text.length > CHARS_MAX ? `${text.slice(0, CHARS_MAX)}… (${text.length - CHARS_MAX} more characters)` : text);

function partsOf(role: string, value: Json | undefined): ContentPart[] {
  if (Array.isArray(value)) return value.flatMap((item) => partsOf(role, item));
  if (!isObject(value)) return value === null || value === undefined || value === '' ? [] : [{ role, kind: 'text', text: asText(value) }];
  const kind = typeof value.type === 'string' ? value.type : 'text';
  const body = value.content ?? value.text ?? value.arguments ?? value.response ?? value.result;
  const name = typeof value.name === 'string' ? `${value.name} ` : '';
  return [{ role, kind, text: `${name}${asText(body ?? (value as Json))}` }];
}

/** Messages in the OTel GenAI shape (role with parts, or role with content), or whatever else came, as text to be shown as text. */
export function contentParts(messages: Json): ContentPart[] {
  const list = Array.isArray(messages) ? messages : messages === null ? [] : [messages];
  return list
    .flatMap((message) => (isObject(message) && (message.parts !== undefined || message.role !== undefined) ? partsOf(typeof message.role === 'string' ? message.role : '', message.parts ?? message.content) : partsOf('', message)))
    .slice(0, PARTS_MAX)
    .map((part) => ({ ...part, text: cut(part.text) }));
}
