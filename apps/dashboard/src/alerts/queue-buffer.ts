import type { Alert } from '@wary/model/alert.js';

/** Alerts kept waiting; beyond that the list is read again on release. */
export const WAITING_ALERTS_MAX = 1_000;
/** Rows kept for one view; further ones come by scrolling again from the top. */
export const ROWS_MAX = 20_000;

/** The rows of the queue. While it is frozen no row changes place: new ones wait, and changed ones stay where they are. */
export interface QueueRows {
  readonly rows: readonly Alert[];
  readonly waiting: readonly Alert[];
  readonly waitingOverflow: boolean;
  readonly next: string | null;
  readonly loaded: boolean;
}

export interface QueueRules { readonly matches: (alert: Alert) => boolean; readonly compare: (a: Alert, b: Alert) => number }

export const emptyQueue: QueueRows = { rows: [], waiting: [], waitingOverflow: false, next: null, loaded: false };

const isNewer = (a: Alert, b: Alert) => a.version > b.version || (a.version === b.version && a.seq > b.seq);

function insertSorted(rows: readonly Alert[], alert: Alert, compare: QueueRules['compare']): Alert[] {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(rows[middle]!, alert) <= 0) low = middle + 1;
    else high = middle;
  }
  return [...rows.slice(0, low), alert, ...rows.slice(low)];
}

/** The first page, read anew: replaces everything. */
export function replaceRows(items: readonly Alert[], next: string | null): QueueRows {
  return { rows: [...items], waiting: [], waitingOverflow: false, next, loaded: true };
}

/** A further page: rows that a live message brought already are not shown twice. */
export function appendRows(state: QueueRows, items: readonly Alert[], next: string | null): QueueRows {
  const known = new Set(state.rows.map(({ id }) => id));
  const fresh = items.filter(({ id }) => !known.has(id));
  const ids = new Set(fresh.map(({ id }) => id));
  return { ...state, rows: [...state.rows, ...fresh].slice(0, ROWS_MAX), waiting: state.waiting.filter(({ id }) => !ids.has(id)), next };
}

/** One live change, or the answer to an action. */
export function applyAlert(state: QueueRows, alert: Alert, frozen: boolean, rules: QueueRules): QueueRows {
  const index = state.rows.findIndex(({ id }) => id === alert.id);
  if (index >= 0) {
    if (!isNewer(alert, state.rows[index]!)) return state;
    if (frozen) return { ...state, rows: state.rows.with(index, alert) };
    const rest = state.rows.toSpliced(index, 1);
    return { ...state, rows: rules.matches(alert) ? insertSorted(rest, alert, rules.compare) : rest };
  }
  const waitingIndex = state.waiting.findIndex(({ id }) => id === alert.id);
  if (waitingIndex >= 0) {
    if (!isNewer(alert, state.waiting[waitingIndex]!)) return state;
    return { ...state, waiting: rules.matches(alert) ? state.waiting.with(waitingIndex, alert) : state.waiting.toSpliced(waitingIndex, 1) };
  }
  if (!rules.matches(alert) || !belongsAmongLoaded(state, alert, rules)) return state;
  if (!frozen) return { ...state, rows: insertSorted(state.rows, alert, rules.compare).slice(0, ROWS_MAX) };
  if (state.waiting.length >= WAITING_ALERTS_MAX) return { ...state, waitingOverflow: true };
  return { ...state, waiting: [...state.waiting, alert] };
}

/** Lets the waiting ones in, puts changed rows in their place, and drops those that the filters no longer take. */
export function releaseRows(state: QueueRows, rules: QueueRules): QueueRows {
  const rows = [...state.rows, ...state.waiting].filter(rules.matches).sort(rules.compare).slice(0, ROWS_MAX);
  return { ...state, rows, waiting: [], waitingOverflow: false };
}

/** An alert that sorts after the last loaded row comes with the page it is on. */
function belongsAmongLoaded(state: QueueRows, alert: Alert, rules: QueueRules): boolean {
  if (state.next === null) return true;
  const last = state.rows.at(-1);
  return last === undefined || rules.compare(alert, last) < 0;
}
