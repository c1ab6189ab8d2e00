import type { Event } from '@wary/model/event.js';
import { deadLetter, drop } from '@wary/pipeline/step-result.js';
import type { Mapper, NoEvent } from '../mapper.js';
import { parseSyslog } from '../syslog.js';
import { addressOf, lineOf } from '../values.js';

type Groups = { readonly [name: string]: string | undefined };
interface Pattern { readonly pattern: RegExp; readonly map: (event: Event, groups: Groups) => NoEvent }

const AT = 'from (?<ip>\\S+) port (?<port>\\d+)';
/** User names are what the client sent: greedy, so that a name that imitates the rest of the line stays a name. */
const WHO = '(?:(?<invalid>invalid|illegal) user )?(?<user>.*)';

/** OpenSSH's own messages (auth.c, packet.c, monitor.c of 7.x to 10.x). The first that fits decides. */
const PATTERNS: readonly Pattern[] = [
  { pattern: new RegExp(`^Accepted (?<method>\\S+) for (?<user>.*) ${AT}(?: ssh2)?(?:: (?<key>\\S+ .*))?$`), map: (event, groups) => signIn(event, groups, '') },
  { pattern: new RegExp(`^Failed none for ${WHO} ${AT}(?: ssh2)?`), map: () => drop('sshd: the client asked which ways to sign in there are') },
  { pattern: new RegExp(`^Failed (?<method>\\S+) for ${WHO} ${AT}(?: ssh2)?(?:: (?<key>\\S+ .*))?$`), map: (event, groups) => signIn(event, groups, `failed ${groups['method'] ?? ''}`) },
  { pattern: new RegExp(`^(?<invalid>Invalid) user (?<user>.*) ${AT}$`), map: (event, groups) => signIn(event, groups, 'invalid user') },
  { pattern: /^(?<invalid>Invalid) user (?<user>.*) from (?<ip>\S+)$/, map: (event, groups) => signIn(event, groups, 'invalid user') },
  { pattern: new RegExp(`^(?:error: )?maximum authentication attempts exceeded for ${WHO} ${AT}(?: ssh2)?(?: \\[preauth\\])?$`), map: (event, groups) => denied(event, groups, 'too many attempts') },
  { pattern: /^User (?<user>.*) from (?<ip>\S+) not allowed because (?<why>.*)$/, map: (event, groups) => denied(event, groups, groups['why'] ?? '') },
  { pattern: /^ROOT LOGIN REFUSED FROM (?<ip>\S+)(?: port (?<port>\d+))?/, map: (event, groups) => denied(event, { ...groups, user: 'root' }, 'root may not sign in') },
  { pattern: /^Disconnected from user (?<user>.*) (?<ip>\S+) port (?<port>\d+)$/, map: (event, groups) => session(event, groups, 'logoff') },
  { pattern: /^(?:Connection (?:closed|reset) by|Disconnected from|Disconnecting) authenticating user (?<user>.*) (?<ip>\S+) port (?<port>\d+).*\[preauth\]$/, map: (event, groups) => signIn(event, groups, 'left before signing in') },
  { pattern: /^(?:Received disconnect|Connection (?:closed|reset)|Disconnected|Disconnecting|Did not receive identification|Unable to negotiate|Bad protocol|banner exchange|kex_exchange_identification|ssh_dispatch_run_fatal|Connection from)/, map: () => drop('sshd: a connection without a sign-in, or the second line about one') },
  { pattern: /^pam_\w+\(sshd:/, map: () => drop('sshd: pam says again what sshd says itself') },
];
const REPEATED = /^message repeated (?<times>\d{1,9}) times: \[ (?<message>.*)\]$/s;

export const sshd: Mapper = {
  source: 'sshd', format: 'text',
  unplaced: ['method', 'port', 'key type and fingerprint', 'process id', 'repeat count of rsyslog', 'raw: priority, structured data'],
  mapRecord(record, event) {
    const line = lineOf(record.value);
    const parsed = parseSyslog(line, record.receivedAt);
    if (parsed === null) return deadLetter('unparsable_line', 'the line has no syslog head (RFC 3164, RFC 5424 or ISO time)');
    // sshd-session and sshd-auth are its processes since 9.8 and 10.0.
    if (!/^sshd(?:-session|-auth)?$/.test(parsed.program)) return drop(`sshd: a line of another program`);
    const repeated = REPEATED.exec(parsed.message);
    const message = (repeated?.groups?.['message'] ?? parsed.message).trimEnd();
    event.kind = 'access';
    event.time = parsed.time;
    event.raw = line;
    event.resource.id = parsed.host;
    event.resource.type = 'host';
    for (const { pattern, map } of PATTERNS) {
      const match = pattern.exec(message);
      if (match === null) continue;
      const groups = match.groups ?? {};
      if (repeated !== null) event.attributes['syslog.repeated'] = Number(repeated.groups?.['times']);
      if (parsed.pid !== '') event.attributes['process.pid'] = Number(parsed.pid);
      if (groups['port'] !== undefined) event.attributes['client.port'] = Number(groups['port']);
      return map(event, groups);
    }
    return drop('sshd: a message that is no activity');
  },
};

/** `failure` is '' for a success. */
function signIn(event: Event, groups: Groups, failure: string): NoEvent {
  session(event, groups, 'logon');
  event.outcome = failure === '' ? 'success' : 'failure';
  event.reason = failure !== '' && groups['invalid'] !== undefined ? 'invalid user' : failure;
  if (groups['method'] !== undefined) event.attributes['ssh.auth.method'] = groups['method'];
  if (groups['key'] !== undefined) event.attributes['ssh.key.fingerprint'] = groups['key'];
  return null;
}

function denied(event: Event, groups: Groups, reason: string): NoEvent {
  session(event, groups, 'logon');
  event.outcome = 'denied';
  event.reason = reason;
  return null;
}

/** A name that no account has is nobody: what is tried with it belongs to the address that tries. */
function session(event: Event, groups: Groups, action: string): NoEvent {
  const from = groups['ip'] ?? '';
  const user = groups['user'] ?? '';
  event.action = action;
  event.client.ip = addressOf(from);
  if (event.client.ip === '') event.client.device = from;
  const nobody = groups['invalid'] !== undefined || user === '';
  event.actor.type = nobody ? 'device' : 'user';
  event.actor.id = nobody ? from : user;
  if (nobody && user !== '') event.attributes['user.name'] = user;
  return null;
}
