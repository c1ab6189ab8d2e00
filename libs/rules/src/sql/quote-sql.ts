/**
 * A text as a literal of ClickHouse's SQL. Nothing of a rule or a field's name comes into a query any other way. Besides what ends or
 * escapes a literal, braces are written in hexadecimal: a client that puts parameters (`{name:Type}`) into a query finds none of them here.
 */
export function quoteText(text: string): string {
  return `'${text.replaceAll(/[\\'{}\0-\x1f\x7f]/g, (char) => ESCAPES[char] ?? `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`)}'`;
}
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', "'": "\\'", '\n': '\\n', '\t': '\\t', '\r': '\\r', '\0': '\\0' };

export const quoteTexts = (texts: readonly string[]): string => (texts.length === 0 ? NO_TEXTS : `[${texts.map(quoteText).join(', ')}]`);
export const NO_TEXTS = 'emptyArrayString()';

/** UTF-8 has no bytes for a lone surrogate: a value with one is read outside of SQL, and no other value can hold it. */
export const hasLoneSurrogate = (text: string): boolean => /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text);
