import { ANY, DASH, DASHES, ONE, type Pattern } from '../language/pattern.js';

/** A pattern as a regular expression (RE2) that covers the whole text. */
export const patternToRegex = (pattern: Pattern): string => `(?s)\\A${pattern.map((token) => (token === ANY ? '.*' : token === ONE ? '.' : token === DASH ? `[${DASHES.join('').replace('-', '\\-')}]` : escapeRegex(token))).join('')}\\z`;

/** Letters, digits and whatever is not ASCII stand for themselves; the rest as its code. */
const escapeRegex = (text: string): string => text.replaceAll(/[^0-9A-Za-z\u0080-\uffff]/g, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`);
