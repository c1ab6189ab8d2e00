import { ALERT_STATUSES, type AlertStatus } from '@wary/model/alert.js';
import { WaryError } from '@wary/model/errors.js';
import { makeFinding } from '@wary/testkit/make-finding.js';
import { describe, expect, it } from 'vitest';
import { actOnAlert, NOTES_PER_ALERT_MAX, type AlertAct } from './act-on-alert.js';
import { ALERT_MOVES, ALERT_TRANSITIONS, allowedAlertMoves, nextAlertStatus, type AlertMove } from './alert-transition.js';
import { openAlert } from './apply-finding.js';

/** The contract, row by row: from, move, to (null: refused). */
const TABLE: ReadonlyArray<readonly [AlertStatus, AlertMove, AlertStatus | null]> = [
  ['triggered', 'acknowledge', 'acknowledged'], ['triggered', 'resolve', 'resolved'], ['triggered', 'suppress', 'suppressed'], ['triggered', 'reopen', null], ['triggered', 'release', null],
  ['acknowledged', 'acknowledge', null], ['acknowledged', 'resolve', 'resolved'], ['acknowledged', 'suppress', 'suppressed'], ['acknowledged', 'reopen', null], ['acknowledged', 'release', null],
  ['resolved', 'acknowledge', null], ['resolved', 'resolve', null], ['resolved', 'suppress', null], ['resolved', 'reopen', 'triggered'], ['resolved', 'release', null],
  ['suppressed', 'acknowledge', null], ['suppressed', 'resolve', null], ['suppressed', 'suppress', null], ['suppressed', 'reopen', null], ['suppressed', 'release', 'triggered'],
];
const ALLOWED: { readonly [S in AlertStatus]: readonly AlertMove[] } = {
  triggered: ['acknowledge', 'resolve', 'suppress'], acknowledged: ['resolve', 'suppress'], resolved: ['reopen'], suppressed: [],
};
const ACT: { readonly [M in AlertMove]: AlertAct } = {
  acknowledge: { kind: 'acknowledge' }, resolve: { kind: 'resolve', verdict: 'false_positive', reason: 'backup job' }, suppress: { kind: 'suppress', suppressionId: 's1' }, reopen: { kind: 'reopen' }, release: { kind: 'release' },
};
const alertIn = (status: AlertStatus) => ({ ...openAlert(makeFinding(), 1_000), status });

describe('the transitions of an alert', () => {
  it('covers every status and move', () => {
    expect(new Set(TABLE.map(([from, move]) => `${from} ${move}`)).size).toBe(ALERT_STATUSES.length * ALERT_MOVES.length);
    expect(Object.keys(ALERT_TRANSITIONS)).toEqual([...ALERT_STATUSES]);
  });

  it.each(TABLE)('%s, %s → %s', (from, move, to) => {
    if (to === null) {
      let error: unknown;
      try { actOnAlert(alertIn(from), ACT[move], 'ann', 2_000); } catch (caught) { error = caught; }
      expect(error).toBeInstanceOf(WaryError);
      expect(error).toMatchObject({ code: 'illegal_transition', status: 409, details: { allowed: ALLOWED[from] } });
    } else {
      expect(nextAlertStatus(from, move)).toBe(to);
      expect(actOnAlert(alertIn(from), ACT[move], 'ann', 2_000).status).toBe(to);
    }
  });

  it.each(ALERT_STATUSES)('%s names its allowed moves', (status) => {
    expect(allowedAlertMoves(status)).toEqual(ALLOWED[status]);
  });
});

describe('what an act leaves on the alert', () => {
  it('acknowledging says who and when; reopening forgets that and the verdict', () => {
    const acknowledged = actOnAlert(alertIn('triggered'), { kind: 'acknowledge' }, 'ann', 2_000);
    expect(acknowledged).toMatchObject({ acknowledgedAt: 2_000, acknowledgedBy: 'ann' });
    const resolved = actOnAlert(acknowledged, ACT.resolve, 'ben', 3_000);
    expect(resolved).toMatchObject({ verdict: 'false_positive', resolution: 'backup job', resolvedAt: 3_000, acknowledgedBy: 'ann' });
    expect(actOnAlert(resolved, { kind: 'reopen' }, 'cat', 4_000)).toMatchObject({ status: 'triggered', verdict: null, resolution: null, resolvedAt: null, acknowledgedAt: null, acknowledgedBy: null });
  });

  it('suppressing names the suppression, its end forgets it and who had taken the alert', () => {
    const suppressed = actOnAlert({ ...alertIn('acknowledged'), acknowledgedAt: 1, acknowledgedBy: 'ann' }, ACT.suppress, 'ann', 2_000);
    expect(suppressed).toMatchObject({ suppressionId: 's1', acknowledgedBy: 'ann' });
    expect(actOnAlert(suppressed, { kind: 'release' }, 'system', 3_000)).toMatchObject({ status: 'triggered', suppressionId: null, acknowledgedAt: null, acknowledgedBy: null });
  });

  it.each(ALERT_STATUSES)('%s takes an assignee and notes', (status) => {
    const alert = actOnAlert(alertIn(status), { kind: 'assign', assignee: 'ann@example.org' }, 'ben', 2_000);
    expect(alert).toMatchObject({ status, assignee: 'ann@example.org' });
    expect(actOnAlert({ ...alert, version: 7 }, { kind: 'note', text: 'asked her' }, 'ben', 2_500)).toMatchObject({ status, notes: [{ id: 'n8', at: 2_500, by: 'ben', text: 'asked her' }] });
  });

  it('bounds the notes', () => {
    const full = { ...alertIn('triggered'), notes: Array.from({ length: NOTES_PER_ALERT_MAX }, (_, index) => ({ id: `n${index}`, at: 1, by: 'ann', text: 'x' })) };
    expect(() => actOnAlert(full, { kind: 'note', text: 'one more' }, 'ann', 2)).toThrowError(expect.objectContaining({ code: 'conflict' }));
  });
});
