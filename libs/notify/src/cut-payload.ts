import type { Alert } from '@wary/model/alert.js';
import type { Incident } from '@wary/model/incident.js';

export interface Cut<T> { readonly data: T; /** Paths that were shortened so far. */ readonly truncated: readonly string[] }
interface Step<T> { readonly path: string; readonly cut: (data: T) => T }

/** Cuts text by code points, so that no half of a surrogate pair remains. */
export function cutText(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text;
  const end = text.codePointAt(charsMax - 2)! > 0xffff ? charsMax - 2 : charsMax - 1;
  return `${text.slice(0, end)}…`;
}

const explanationOf = (data: Alert, change: Partial<Alert['explanation']>): Alert => ({ ...data, explanation: { ...data.explanation, ...change } });
const lastNotes = (notes: Alert['notes']): Alert['notes'] => notes.slice(-3).map((note) => ({ ...note, text: cutText(note.text, 500), by: cutText(note.by, 200) }));

/** What is left at the end is bounded even when every character needs six bytes (JSON's \\u0001). Least needed first: the band chart can be drawn from the API; what happened, to whom and how unlikely stays to the end. */
const ALERT_STEPS: ReadonlyArray<Step<Alert>> = [
  { path: 'explanation.history', cut: (data) => explanationOf(data, { history: [] }) },
  { path: 'notes', cut: (data) => ({ ...data, notes: lastNotes(data.notes) }) },
  { path: 'findingIds', cut: (data) => ({ ...data, findingIds: data.findingIds.slice(-10) }) },
  { path: 'explanation.eventIds', cut: (data) => explanationOf(data, { eventIds: data.explanation.eventIds.slice(0, 5) }) },
  {
    path: 'explanation.matched',
    cut: (data) => explanationOf(data, data.explanation.matched === undefined ? {} : { matched: data.explanation.matched.slice(0, 5).map(({ field, value, pattern }) => ({ field: cutText(field, 200), value: cutText(value, 300), pattern: cutText(pattern, 300) })) }),
  },
  {
    path: 'explanation.contributions',
    cut: (data) => explanationOf(data, { contributions: data.explanation.contributions.slice(0, 5).map((one) => ({ ...one, label: cutText(one.label, 200), expected: cutText(one.expected, 200), observed: typeof one.observed === 'string' ? cutText(one.observed, 200) : one.observed })) }),
  },
  { path: 'explanation.techniques', cut: (data) => explanationOf(data, { techniques: data.explanation.techniques.slice(0, 8), duties: data.explanation.duties.slice(0, 8) }) },
  {
    path: 'texts',
    cut: (data) => ({ ...explanationOf(data, { summary: cutText(data.explanation.summary, 1_000), counterfactual: null, eventIds: [], matched: undefined, contributions: [] }), title: cutText(data.title, 300), resolution: data.resolution === null ? null : cutText(data.resolution, 300) }),
  },
  {
    path: 'everything but the frame',
    cut: (data) => ({
      ...explanationOf(data, { summary: cutText(data.explanation.summary, 200), techniques: [], duties: [], peers: null, baseline: null, unlikely: null, unit: cutText(data.explanation.unit, 50) }),
      title: cutText(data.title, 100), entity: { ...data.entity, id: cutText(data.entity.id, 150) }, notes: [], findingIds: [], resolution: null, reason: cutText(data.reason, 100),
      assignee: data.assignee === null ? null : cutText(data.assignee, 100), acknowledgedBy: null,
    }),
  },
];

const INCIDENT_STEPS: ReadonlyArray<Step<Incident>> = [
  { path: 'timeline', cut: (data) => ({ ...data, timeline: data.timeline.slice(-20).map((entry) => ({ ...entry, text: cutText(entry.text, 200) })) }) },
  { path: 'notes', cut: (data) => ({ ...data, notes: lastNotes(data.notes) }) },
  { path: 'alertIds', cut: (data) => ({ ...data, alertIds: data.alertIds.slice(-50), mergedFrom: data.mergedFrom.slice(-20) }) },
  { path: 'texts', cut: (data) => ({ ...data, timeline: data.timeline.slice(-3), title: cutText(data.title, 300), closeReason: data.closeReason === null ? null : cutText(data.closeReason, 300) }) },
  {
    path: 'everything but the frame',
    cut: (data) => ({
      ...data, timeline: [], notes: [], alertIds: [], mergedFrom: [], title: cutText(data.title, 100), entity: { ...data.entity, id: cutText(data.entity.id, 150) }, closeReason: null,
      assignee: data.assignee === null ? null : cutText(data.assignee, 100), acknowledgedBy: null,
    }),
  },
];

export const cutAlert = (alert: Alert): Generator<Cut<Alert>> => cuts(alert, ALERT_STEPS);
export const cutIncident = (incident: Incident): Generator<Cut<Incident>> => cuts(incident, INCIDENT_STEPS);

/** The thing whole, then with one more cut each time. */
function* cuts<T>(data: T, steps: ReadonlyArray<Step<T>>): Generator<Cut<T>> {
  const truncated: string[] = [];
  yield { data, truncated };
  let cut = data;
  for (const step of steps) {
    cut = step.cut(cut);
    truncated.push(step.path);
    yield { data: cut, truncated };
  }
}
