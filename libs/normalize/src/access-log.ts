import type { Event } from '@wary/model/event.js';
import { deadLetter } from '@wary/pipeline/step-result.js';
import type { NoEvent } from './mapper.js';
import { actionOfRequest, isHttpMethod, outcomeOfStatus } from './http-activity.js';
import { daysFromCivil, monthOf } from './read-time.js';
import { addressOf, clip } from './values.js';

/** Parts of a line in the combined (or common) log format. Texts are decoded. */
export interface AccessLogLine {
  readonly host: string;
  readonly user: string;
  readonly time: number;
  readonly request: string;
  readonly status: number;
  /** null: `-`. */
  readonly bytes: number | null;
  readonly referrer: string;
  readonly userAgent: string;
  /** What a configuration has appended, such as `"1.2.3.4" 0.005`. */
  readonly rest: string;
}

const LINE_CHARS_MAX = 64 * 1024;
const AGENT_CHARS_MAX = 1_024;

/**
 * `host ident user [day/Mon/year:h:m:s zone] "request" status bytes "referrer" "user agent"`, the last two optional.
 * Scanned from left to right, so a user, request or agent made to look like the rest of a line cannot be taken for it. null when it is none.
 */
export function parseAccessLog(line: string): AccessLogLine | null {
  if (line.length > LINE_CHARS_MAX) return null;
  const hostEnd = line.indexOf(' ');
  const identEnd = line.indexOf(' ', hostEnd + 1);
  if (hostEnd < 1 || identEnd < 0) return null;
  // A user name may hold blanks and brackets; the first bracket with a date behind it is that of the time.
  let bracket = line.indexOf(' [', identEnd);
  let time = Number.NaN;
  for (; bracket >= 0; bracket = line.indexOf(' [', bracket + 1)) {
    time = timeAt(line, bracket + 2);
    if (!Number.isNaN(time)) break;
  }
  if (bracket < 0) return null;
  const requestStart = bracket + 30;
  if (!line.startsWith('] "', requestStart - 2)) return null;
  const requestEnd = quoteEnd(line, requestStart + 1);
  if (requestEnd < 0) return null;
  const numbers = /^ (\d{3}) (\d{1,15}|-)(?= |$)/.exec(line.slice(requestEnd + 1, requestEnd + 25));
  if (numbers === null) return null;
  let at = requestEnd + 1 + numbers[0].length;
  let referrer = '-';
  let userAgent = '-';
  if (line.startsWith(' "', at)) {
    const end = quoteEnd(line, at + 2);
    if (end < 0 || !line.startsWith(' "', end + 1)) return null;
    referrer = line.slice(at + 2, end);
    const agentEnd = quoteEnd(line, end + 3);
    if (agentEnd < 0) return null;
    userAgent = line.slice(end + 3, agentEnd);
    at = agentEnd + 1;
  }
  return {
    host: line.slice(0, hostEnd), user: unescapeText(line.slice(identEnd + 1, bracket)), time, request: unescapeText(line.slice(requestStart + 1, requestEnd)), status: Number(numbers[1]),
    bytes: numbers[2] === '-' ? null : Number(numbers[2]), referrer: dashed(unescapeText(referrer)), userAgent: dashed(unescapeText(userAgent)), rest: line.slice(at + 1),
  };
}
const dashed = (text: string): string => (text === '-' ? '' : text);

/** Fills an event from a parsed line; the same for every server that writes this format. */
export function mapAccessLog(line: string, event: Event): NoEvent {
  const parsed = parseAccessLog(line);
  if (parsed === null) return deadLetter('unparsable_line', 'the line is not in the combined log format');
  const address = addressOf(parsed.host);
  event.kind = 'access';
  event.time = parsed.time;
  event.raw = line;
  event.client.ip = address;
  if (address === '') event.client.device = parsed.host;
  event.client.userAgent = clip(parsed.userAgent, AGENT_CHARS_MAX);
  const { user, request, status } = parsed;
  const known = user !== '-' && user !== '';
  event.actor.type = known ? 'user' : 'device';
  event.actor.id = known ? user : address === '' ? parsed.host : address;
  event.outcome = outcomeOfStatus(status);
  event.bytes = parsed.bytes ?? 0;
  const { attributes } = event;
  attributes['http.response.status_code'] = status;
  if (parsed.referrer !== '') attributes['http.request.header.referer'] = parsed.referrer;
  if (parsed.rest !== '') attributes['log.extra'] = parsed.rest;
  const methodEnd = request.indexOf(' ');
  const method = request.slice(0, methodEnd);
  if (!isHttpMethod(method)) {
    // Not HTTP at all (a TLS greeting, a scanner), or cut off before its first blank: something connected, and that was it.
    event.action = 'connect';
    event.resource.type = 'url';
    if (request !== '') attributes['http.request.original'] = request;
    return null;
  }
  const protocolAt = request.lastIndexOf(' HTTP/');
  const target = protocolAt > methodEnd ? request.slice(methodEnd + 1, protocolAt) : request.slice(methodEnd + 1);
  if (protocolAt > methodEnd) attributes['network.protocol.version'] = request.slice(protocolAt + 6);
  const question = target.indexOf('?');
  const path = question < 0 ? target : target.slice(0, question);
  if (question >= 0 && question + 1 < target.length) attributes['url.query'] = target.slice(question + 1);
  attributes['http.request.method'] = method;
  event.action = actionOfRequest(method, path);
  event.resource.id = path;
  event.resource.type = 'url';
  return null;
}

/** `22/Nov/2026:04:50:00 +0100` and the closing bracket at `at`. */
function timeAt(line: string, at: number): number {
  if (line.charCodeAt(at + 26) !== 93) return Number.NaN;
  const match = /^(\d\d)\/([A-Za-z]{3})\/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)$/.exec(line.slice(at, at + 26));
  if (match === null) return Number.NaN;
  const days = daysFromCivil(Number(match[3]), monthOf(match[2]!), Number(match[1]));
  const [hour, minute, second] = [Number(match[4]), Number(match[5]), Number(match[6])];
  if (hour > 23 || minute > 59 || second > 60) return Number.NaN;
  const offset = (Number(match[8]) * 60 + Number(match[9])) * (match[7] === '-' ? -1 : 1);
  return (days * 1440 + hour * 60 + minute - offset) * 60_000 + second * 1000;
}

/** Index of the quote that ends the text from `from` on; both servers escape quotes and backslashes inside. */
function quoteEnd(line: string, from: number): number {
  for (let i = from; i < line.length; i += 1) {
    const c = line.charCodeAt(i);
    if (c === 92) i += 1;
    else if (c === 34) return i;
  }
  return -1;
}

const NAMED_ESCAPES: { readonly [letter: string]: string } = { n: '\n', r: '\r', t: '\t', v: '\v', f: '\f', b: '\b' };
/** `\xHH` (bytes of UTF-8), `\"`, `\\` and the letters that Apache writes for control characters. */
export function unescapeText(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(/(?:\\x[0-9a-fA-F]{2})+|\\(.)/gs, (whole, letter: string | undefined) => {
    if (letter === undefined) return Buffer.from(whole.replaceAll('\\x', ''), 'hex').toString('utf8').replaceAll('\0', '\uFFFD');
    return NAMED_ESCAPES[letter] ?? letter;
  });
}
