import { isAlnum, isDigit, isHex } from './chars.js';
import type { Span } from './span.js';

const LOCAL_CHARS_MAX = 64;
const DOMAIN_CHARS_MAX = 253;
/** Names of files and packages look like mail addresses: logo@2x.png, chunk@main.js. */
const FILE_ENDINGS = new Set(['png', 'jpg', 'jpeg', 'gif', 'svg', 'webp', 'ico', 'css', 'scss', 'js', 'mjs', 'cjs', 'ts', 'tsx', 'jsx', 'json', 'map', 'html', 'htm', 'xml', 'yml', 'yaml', 'pdf', 'tgz', 'gz', 'tar', 'jar', 'whl', 'service', 'socket', 'target', 'timer', 'local']);

/**
 * A mail address around an at sign at `at` whose domain begins at `domainStart` (`@`, `%40` in URLs, `\u0040` in JSON text).
 * `floor` is where the last find ended.
 */
export function findEmail(text: string, at: number, domainStart: number, floor: number): Span | null {
  const end = domainEnd(text, domainStart);
  if (end === 0) return null;
  let start = at;
  const lowest = Math.max(floor, at - LOCAL_CHARS_MAX);
  for (; start > lowest; start -= 1) {
    const c = text.charCodeAt(start - 1);
    if (isAlnum(c) || c === 95 || c === 45 || c === 46 || c === 43 || c === 39 || c === 38 || c === 126 || c >= 0xc0) continue;
    if (c !== 37) break;
    // "%2B" and the like belong to the address, "%22" and "%3C" stand before it.
    const code = isHex(text.charCodeAt(start)) && isHex(text.charCodeAt(start + 1)) ? Number.parseInt(text.slice(start, start + 2), 16) : -1;
    if (code < 0 || code === 0x2b || code === 0x2e || code === 0x2d || code === 0x5f) continue;
    start += 2;
    break;
  }
  if (start > 0 && text.charCodeAt(start - 1) === 92) start += escapeTail(text, start);
  while (start < at && !isAlnum(text.charCodeAt(start)) && text.charCodeAt(start) < 0xc0 && text.charCodeAt(start) !== 95) start += 1;
  if (start >= at || text.charCodeAt(at - 1) === 46 || (start > 0 && text.charCodeAt(start - 1) === 64)) return null;
  // git@host:path is an address of a repository.
  if (at - start === 3 && text.startsWith('git', start) && text.charCodeAt(end) === 58) return null;
  return { start, end, type: 'email', secret: false };
}

/** Characters after a backslash that belong to the escape: 1 for \n, 5 for \u003c. */
function escapeTail(text: string, start: number): number {
  const c = text.charCodeAt(start);
  if (c === 117) return 5;
  return c === 110 || c === 114 || c === 116 || c === 98 || c === 102 ? 1 : 0;
}

/** End of a domain name with a plausible top-level domain, or 0. */
function domainEnd(text: string, start: number): number {
  const limit = Math.min(text.length, start + DOMAIN_CHARS_MAX);
  let end = start;
  for (; end < limit; end += 1) {
    const c = text.charCodeAt(end);
    if (!isAlnum(c) && c !== 46 && c !== 45 && c < 0xc0) break;
    if (c === 46 && (end === start || text.charCodeAt(end - 1) === 46)) break;
  }
  while (end > start && (text.charCodeAt(end - 1) === 46 || text.charCodeAt(end - 1) === 45)) end -= 1;
  // A text may go on after the domain without a blank ("a@b.com.2 more", "a@b.com-2024.csv"): labels that cannot be top-level are dropped.
  for (let dot = lastDot(text, start, end); dot > start; end = dot, dot = lastDot(text, start, end)) {
    const topEnd = topLevelEnd(text, dot + 1, end);
    if (topEnd > 0) return FILE_ENDINGS.has(text.slice(dot + 1, topEnd).toLowerCase()) ? 0 : topEnd;
  }
  return 0;
}

/** Never looks before `start`: a text without dots would be read to its beginning again and again. */
function lastDot(text: string, start: number, end: number): number {
  let dot = end - 1;
  while (dot > start && text.charCodeAt(dot) !== 46) dot -= 1;
  return dot;
}

/** End of the two or more letters that a label begins with, or 0. */
function topLevelEnd(text: string, start: number, end: number): number {
  if (text.startsWith('xn--', start)) return end;
  let i = start;
  while (i < end && !isDigit(text.charCodeAt(i)) && text.charCodeAt(i) !== 45) i += 1;
  return i - start < 2 || i - start > 24 ? 0 : i;
}
