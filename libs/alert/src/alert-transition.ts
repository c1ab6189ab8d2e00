import type { AlertStatus } from '@wary/model/alert.js';
import { WaryError } from '@wary/model/errors.js';

/** What moves an alert. `release` is the end of its suppression and no act of a person. */
export const ALERT_MOVES = ['acknowledge', 'resolve', 'suppress', 'reopen', 'release'] as const;
export type AlertMove = (typeof ALERT_MOVES)[number];

/** The whole state machine. A finding never moves an alert: what a person resolved stays resolved. */
export const ALERT_TRANSITIONS: { readonly [S in AlertStatus]: { readonly [M in AlertMove]?: AlertStatus } } = {
  triggered: { acknowledge: 'acknowledged', resolve: 'resolved', suppress: 'suppressed' },
  acknowledged: { resolve: 'resolved', suppress: 'suppressed' },
  resolved: { reopen: 'triggered' },
  suppressed: { release: 'triggered' },
};

/** The moves that a person can make now. */
export const allowedAlertMoves = (status: AlertStatus): AlertMove[] => ALERT_MOVES.filter((move) => move !== 'release' && ALERT_TRANSITIONS[status][move] !== undefined);

/** Throws `illegal_transition` with the allowed moves. */
export function nextAlertStatus(status: AlertStatus, move: AlertMove): AlertStatus {
  const next = ALERT_TRANSITIONS[status][move];
  if (next === undefined) {
    const why = status === 'suppressed' ? ': it ends with its suppression' : '';
    throw new WaryError('illegal_transition', `a ${status} alert cannot be changed by ${move}${why}`, { status, allowed: allowedAlertMoves(status) });
  }
  return next;
}

/** Still somebody's work: in the queue, joined by findings, resolved with its incident. */
export const isOpenAlert = (status: AlertStatus): boolean => status === 'triggered' || status === 'acknowledged';
