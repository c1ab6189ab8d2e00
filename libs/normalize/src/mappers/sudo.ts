import type { Event } from '@wary/model/event.js';
import { deadLetter, drop } from '@wary/pipeline/step-result.js';
import type { Mapper, NoEvent } from '../mapper.js';
import { parseSyslog } from '../syslog.js';
import { lineOf } from '../values.js';

/** Fields of a sudo line (sudoers(5), "LOG FORMAT") → attribute. COMMAND is the last, and holds whatever was typed. */
const FIELDS: { readonly [name: string]: string } = { TTY: 'process.tty', PWD: 'process.working_directory', USER: 'sudo.user', GROUP: 'sudo.group', HOST: 'sudo.host', TSID: 'sudo.session', CHROOT: 'sudo.chroot', ENV: 'sudo.env' };
/** What stands before the fields when sudo refused. */
const REFUSALS: ReadonlyArray<readonly [RegExp, 'denied' | 'failure']> = [
  [/^(\d{1,6}) incorrect password attempts?$/, 'failure'],
  [/^(?:user NOT in sudoers|user NOT authorized on host|command not allowed|NOT in sudoers|group list not allowed|sorry, .*|no tty present.*|a terminal is required.*)$/i, 'denied'],
  [/^(?:a password is required|auth(?:entication)? (?:failure|server error).*|account validation failure.*|pam_authenticate.*|conversation failed.*|timed out.*)$/i, 'failure'],
];

export const sudo: Mapper = {
  source: 'sudo', format: 'text',
  unplaced: ['TTY', 'PWD', 'USER', 'GROUP', 'TSID', 'ENV', 'COMMAND (whole)', 'host', 'number of attempts', 'raw: priority, structured data'],
  mapRecord(record, event) {
    const line = lineOf(record.value);
    const parsed = parseSyslog(line, record.receivedAt);
    if (parsed === null) return deadLetter('unparsable_line', 'the line has no syslog head (RFC 3164, RFC 5424 or ISO time)');
    if (parsed.program !== 'sudo') return drop('sudo: a line of another program');
    if (parsed.message.startsWith('pam_')) return drop('sudo: pam says again what sudo says itself');
    event.kind = 'access';
    event.time = parsed.time;
    event.raw = line;
    if (parsed.host !== '') event.attributes['host.name'] = parsed.host;
    return mapMessage(parsed.message, event);
  },
};

function mapMessage(message: string, event: Event): NoEvent {
  const colon = message.indexOf(' : ');
  if (colon < 1) return drop('sudo: a message that is no activity');
  const rest = message.slice(colon + 3);
  if (rest.startsWith('(command continued)')) return drop('sudo: the rest of a long command, which its first line begins');
  event.actor.id = message.slice(0, colon).trim();
  event.action = 'execute';
  let command = '';
  let known = false;
  let at = 0;
  while (at < rest.length) {
    const field = /^([A-Z]{2,8})=/.exec(rest.slice(at, at + 9))?.[1];
    if (field === 'COMMAND') {
      command = rest.slice(at + 8);
      break;
    }
    let end = rest.indexOf(' ; ', at);
    if (end < 0) end = rest.length;
    const part = rest.slice(at, end);
    if (field !== undefined && FIELDS[field] !== undefined) event.attributes[FIELDS[field]] = part.slice(field.length + 1);
    else known = refuse(part, event) || known;
    at = end + 3;
  }
  // A warning (`unable to resolve host`) runs nothing and refuses nothing.
  if (command === '' && !known) return drop('sudo: a message that is no activity');
  const program = command.split(' ', 1)[0]!;
  event.resource.id = program;
  event.resource.type = 'application';
  if (command !== '') event.attributes['process.command_line'] = command;
  return null;
}

/** True when the reason is one that sudo is known to refuse with. */
function refuse(part: string, event: Event): boolean {
  for (const [pattern, outcome] of REFUSALS) {
    const match = pattern.exec(part);
    if (match === null) continue;
    event.outcome = outcome;
    event.reason = part;
    if (match[1] !== undefined) event.attributes['sudo.attempts'] = Number(match[1]);
    return true;
  }
  // A reason of a version that we do not know: sudo logs commands that it lets run without one.
  event.outcome = 'failure';
  event.reason = part;
  return false;
}
