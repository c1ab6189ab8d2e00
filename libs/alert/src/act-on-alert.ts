import type { Alert, Verdict } from '@wary/model/alert.js';
import { WaryError } from '@wary/model/errors.js';
import { nextAlertStatus } from './alert-transition.js';

/** What people and clocks do to an alert; `suppress` comes with the suppression that was made of it. */
export type AlertAct =
  | { readonly kind: 'acknowledge' }
  | { readonly kind: 'assign'; readonly assignee: string | null }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'resolve'; readonly verdict: Verdict; readonly reason: string }
  | { readonly kind: 'reopen' }
  | { readonly kind: 'suppress'; readonly suppressionId: string }
  | { readonly kind: 'release' };

export const NOTES_PER_ALERT_MAX = 500;

/** The alert after the act (without its version and time of update, which its writer sets). Throws `illegal_transition`. */
export function actOnAlert(alert: Alert, act: AlertAct, by: string, now: number): Alert {
  switch (act.kind) {
    case 'acknowledge':
      return { ...alert, status: nextAlertStatus(alert.status, 'acknowledge'), acknowledgedAt: now, acknowledgedBy: by };
    case 'assign':
      return { ...alert, assignee: act.assignee };
    case 'note': {
      if (alert.notes.length >= NOTES_PER_ALERT_MAX) throw new WaryError('conflict', `an alert takes ${NOTES_PER_ALERT_MAX} notes; go on in its incident`);
      return { ...alert, notes: [...alert.notes, { id: `n${alert.version + 1}`, at: now, by, text: act.text }] };
    }
    case 'resolve':
      return { ...alert, status: nextAlertStatus(alert.status, 'resolve'), verdict: act.verdict, resolution: act.reason, resolvedAt: now };
    case 'reopen':
      return { ...alert, status: nextAlertStatus(alert.status, 'reopen'), verdict: null, resolution: null, resolvedAt: null, ...UNSEEN };
    case 'suppress':
      return { ...alert, status: nextAlertStatus(alert.status, 'suppress'), suppressionId: act.suppressionId };
    case 'release':
      return { ...alert, status: nextAlertStatus(alert.status, 'release'), suppressionId: null, ...UNSEEN };
  }
}
/** Triggered again means that nobody has taken it yet. */
const UNSEEN = { acknowledgedAt: null, acknowledgedBy: null } as const;
