import { daysFromCivil, monthOf, readTime } from './read-time.js';

export interface SyslogLine {
  readonly time: number;
  readonly host: string;
  readonly program: string;
  readonly pid: string;
  readonly message: string;
}

const LINE_CHARS_MAX = 16 * 1024;
const DAY_MS = 86_400_000;
/** RFC 5424: version, time, host, application, process, message id, structured data, message. */
const RFC_5424 = /^1 (\S{1,40}) (\S{1,255}) (\S{1,48}) (\S{1,128}) \S{1,32} (.*)$/s;
/** The traditional head (RFC 3164), with fractions as journald writes them. */
const RFC_3164 = /^([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))? (\S{1,255}) (.*)$/s;
/** rsyslog's file format: the traditional head with an ISO time. */
const ISO = /^(\d{4}-\S{10,36}) (\S{1,255}) (.*)$/s;
const TAG = /^([^\s[\]:]{1,64})(?:\[(\d{1,10})\])?: {0,16}(.*)$/s;

/** One line of syslog, whichever head it has; null when it has none. Heads without a year and zone are read as UTC, in the year nearest to the receipt. */
export function parseSyslog(line: string, receivedAt: number): SyslogLine | null {
  if (line.length > LINE_CHARS_MAX) return null;
  const text = line.replace(/^<\d{1,3}>/, '');
  const modern = RFC_5424.exec(text);
  if (modern !== null) {
    const [, time, host, program, pid, rest] = modern as unknown as [string, string, string, string, string, string];
    return { time: readTime(time), host: nil(host), program: nil(program), pid: nil(pid), message: messageOf(rest) };
  }
  const iso = ISO.exec(text);
  const old = iso === null ? RFC_3164.exec(text) : null;
  if (iso === null && old === null) return null;
  const tag = TAG.exec((iso?.[3] ?? old?.[8])!);
  if (tag === null) return null;
  const time = iso === null ? yearless(old!, receivedAt) : readTime(iso[1]);
  return { time, host: (iso?.[2] ?? old?.[7])!, program: tag[1]!, pid: tag[2] ?? '', message: tag[3]! };
}
const nil = (text: string): string => (text === '-' ? '' : text);

/** Behind the structured data: `-`, or elements in brackets whose values may hold escaped quotes and brackets. */
function messageOf(rest: string): string {
  let at = 0;
  if (rest.startsWith('-')) at = 1;
  else {
    let quoted = false;
    for (; at < rest.length; at += 1) {
      const c = rest[at];
      if (c === '\\' && quoted) at += 1;
      else if (c === '"') quoted = !quoted;
      else if (c === ' ' && !quoted && rest[at - 1] === ']') break;
    }
  }
  return rest.slice(at).replace(/^ ?\uFEFF?/, '');
}

/** Of last year, this and the next the one that is not more than a day ahead of the receipt (clocks and zones differ) and nearest to it. */
function yearless(match: RegExpExecArray, receivedAt: number): number {
  const [month, day] = [monthOf(match[1]!), Number(match[2])];
  const [hour, minute, second] = [Number(match[3]), Number(match[4]), Number(match[5])];
  if (hour > 23 || minute > 59 || second > 60) return Number.NaN;
  const inDay = (hour * 3600 + minute * 60 + second) * 1000 + Math.floor(Number(`0.${match[6] ?? '0'}`) * 1000);
  // The year of a time in days: 365.2425 of them on average, and 1970-01-01 is day 0.
  const yearNow = 1970 + Math.floor(receivedAt / DAY_MS / 365.2425);
  for (let year = yearNow + 1; year >= yearNow - 8; year -= 1) {
    const time = daysFromCivil(year, month, day) * DAY_MS + inDay;
    if (time <= receivedAt + DAY_MS) return time;
  }
  return Number.NaN;
}
