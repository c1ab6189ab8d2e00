import type { Alert } from '@wary/model/alert.js';
import type { Incident } from '@wary/model/incident.js';
import { plural, sentence } from '../ui/format.js';

const person = (who: string | null): string => who ?? 'nobody';
const word = (code: string | null): string => (code === null ? 'none' : sentence(code).toLowerCase());

function moved(what: string, before: string, after: string): string[] {
  return before === after ? [] : [`${what}: ${before} → ${after}`];
}
function more(before: number, after: number, one: string): string[] {
  return after === before ? [] : [after > before ? `${plural(after - before, one)} added` : `${plural(before - after, one)} removed`];
}

/** What somebody else changed between the version on the screen and the one on the server, a line each. */
export function describeAlertChanges(before: Alert, after: Alert): string[] {
  return [
    ...moved('Status', word(before.status), word(after.status)),
    ...moved('Severity', word(before.severity), word(after.severity)),
    ...moved('Assignee', person(before.assignee), person(after.assignee)),
    ...moved('Verdict', word(before.verdict), word(after.verdict)),
    ...moved('Incident', before.incidentId ?? 'none', after.incidentId ?? 'none'),
    ...more(before.findingCount, after.findingCount, 'finding'),
    ...more(before.notes.length, after.notes.length, 'note'),
  ];
}

export function describeIncidentChanges(before: Incident, after: Incident): string[] {
  const had = new Set(before.alertIds);
  const has = new Set(after.alertIds);
  const added = after.alertIds.filter((id) => !had.has(id)).length;
  const removed = before.alertIds.filter((id) => !has.has(id)).length;
  return [
    ...moved('Title', before.title, after.title),
    ...moved('State', word(before.state), word(after.state)),
    ...moved('Severity', word(before.severity), word(after.severity)),
    ...moved('Assignee', person(before.assignee), person(after.assignee)),
    ...(before.acknowledgedAt === null && after.acknowledgedAt !== null ? [`Acknowledged by ${person(after.acknowledgedBy)}`] : []),
    ...moved('Verdict', word(before.verdict), word(after.verdict)),
    ...(added > 0 ? [`${plural(added, 'alert')} attached`] : []),
    ...(removed > 0 ? [`${plural(removed, 'alert')} detached`] : []),
    ...more(before.notes.length, after.notes.length, 'note'),
    ...(before.mergedInto === null && after.mergedInto !== null ? ['Merged into another incident'] : []),
    ...(before.mergedInto !== null && after.mergedInto === null ? ['Taken out of the incident it was merged into'] : []),
  ];
}
