import { openAlert } from '@wary/alert/apply-finding.js';
import { WaryError } from '@wary/model/errors.js';
import { INCIDENT_STATES, IncidentSchema, type Incident, type IncidentState } from '@wary/model/incident.js';
import { makeFinding } from '@wary/testkit/make-finding.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { actOnIncident } from './act-on-incident.js';
import { ALERTS_PER_INCIDENT_MAX, attachAlerts, detachAlerts, mergeIncidents, raiseSeverity, unmergeIncidents } from './incident-alerts.js';
import { allowedMoves, INCIDENT_TRANSITIONS, isForward, isOpenIncident } from './incident-transition.js';
import { needsIncident, openIncident, titleOf } from './open-incident.js';

/** The contract as a matrix: rows from, columns to (new, triage, contain, eradicate, recover, closed). */
const MATRIX: { readonly [S in IncidentState]: string } = {
  new: '.x...x', triage: 'x.x..x', contain: '.x.x.x', eradicate: '..x.xx', recover: '...x.x', closed: '.x....',
};
const alertOf = (id: string, severity: 'low' | 'high' | 'critical' = 'high') => ({ ...openAlert(makeFinding({ id, severity, entity: { type: 'user', id: `user-${id}` } }), 1), id });
const incidentIn = (state: IncidentState, over: Partial<Incident> = {}): Incident => ({ ...openIncident({ id: 'i1', number: 1, tenant: 'default', title: 'T', alerts: [alertOf('a')], by: 'ann', now: 1_000 }), version: 1, state, ...over });
const move = (incident: Incident, to: IncidentState, now = 5_000): Incident => actOnIncident(incident, { kind: 'transition', to, reason: 'because', verdict: 'true_positive' }, 'ann', now);
const errorOf = (run: () => unknown): unknown => { try { run(); } catch (error) { return error; } throw new Error('it did not throw'); };

describe('the states of an incident', () => {
  const cases = INCIDENT_STATES.flatMap((from) => INCIDENT_STATES.map((to, column) => [from, to, MATRIX[from][column] === 'x'] as const));
  it.each(cases)('%s → %s: %s', (from, to, allowed) => {
    const incident = incidentIn(from);
    if (allowed) {
      expect(move(incident, to).state).toBe(to);
    } else {
      const error = errorOf(() => move(incident, to));
      expect(error).toBeInstanceOf(WaryError);
      expect(error).toMatchObject({ code: 'illegal_transition', details: { state: from, allowed: INCIDENT_TRANSITIONS[from] } });
    }
    expect(allowedMoves(incident).includes(to)).toBe(allowed);
  });

  it('goes forward or one stage back', () => {
    for (const from of INCIDENT_STATES) for (const to of INCIDENT_TRANSITIONS[from]) {
      const step = INCIDENT_STATES.indexOf(to) - INCIDENT_STATES.indexOf(from);
      expect(to === 'closed' || from === 'closed' || Math.abs(step) === 1).toBe(true);
      expect(isForward(from, to)).toBe(step > 0);
    }
  });

  it.each(INCIDENT_STATES.filter((state) => state !== 'closed'))('%s takes an acknowledgement; the first counts', (state) => {
    const first = actOnIncident(incidentIn(state), { kind: 'acknowledge' }, 'ann', 4_000);
    expect(first).toMatchObject({ state, acknowledgedAt: 4_000, acknowledgedBy: 'ann', timeToAcknowledgeMs: 3_000 });
    expect(actOnIncident(first, { kind: 'acknowledge' }, 'ben', 9_000)).toBe(first);
  });

  it('closed takes none, and says what is allowed', () => {
    expect(errorOf(() => actOnIncident(incidentIn('closed'), { kind: 'acknowledge' }, 'ann', 1))).toMatchObject({ code: 'illegal_transition', details: { allowed: ['triage'] } });
  });

  it.each([[null, 'why', ['verdict']], ['false_positive', ' ', ['reason']], [null, '', ['verdict', 'reason']]] as const)('closing with verdict %s and reason %j lacks %j', (verdict, reason, paths) => {
    expect(errorOf(() => actOnIncident(incidentIn('new'), { kind: 'transition', to: 'closed', reason, verdict }, 'ann', 1))).toMatchObject({ code: 'validation_failed', details: { errors: paths.map((path) => ({ path })) } });
  });

  it('measures the time to resolve, and starts again when it is reopened', () => {
    const closed = actOnIncident(incidentIn('new'), { kind: 'transition', to: 'closed', reason: 'a drill', verdict: 'false_positive' }, 'ann', 61_000);
    expect(closed).toMatchObject({ closedAt: 61_000, timeToResolveMs: 60_000, verdict: 'false_positive', closeReason: 'a drill' });
    const reopened = move(closed, 'triage', 70_000);
    expect(reopened).toMatchObject({ state: 'triage', closedAt: null, timeToResolveMs: null, verdict: null, closeReason: null });
    expect(reopened.timeline.slice(-2).map(({ kind, from, to }) => [kind, from, to])).toEqual([['closed', 'new', 'closed'], ['reopened', 'closed', 'triage']]);
  });
});

describe('the timeline', () => {
  it('has an entry for everything that happened, with unique ids, and notes are entries', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('acknowledge', 'assign', 'note', 'forward', 'close', 'reopen'), { maxLength: 30 }), (acts) => {
      let incident = incidentIn('new');
      for (const [index, act] of acts.entries()) {
        const before = incident;
        try {
          const next = act === 'acknowledge' ? actOnIncident(incident, { kind: act }, 'ann', 2_000 + index)
            : act === 'assign' ? actOnIncident(incident, { kind: act, assignee: `p${index % 3}` }, 'ann', 2_000 + index)
            : act === 'note' ? actOnIncident(incident, { kind: act, text: `n${index}` }, 'ann', 2_000 + index)
            : move(incident, act === 'close' ? 'closed' : act === 'reopen' ? 'triage' : INCIDENT_TRANSITIONS[incident.state][0]!, 2_000 + index);
          incident = next === incident ? incident : { ...next, version: incident.version + 1 };
        } catch (error) {
          expect(error).toMatchObject({ code: 'illegal_transition' });
        }
        expect(incident.timeline.length - before.timeline.length).toBe(incident === before ? 0 : 1);
      }
      expect(new Set(incident.timeline.map(({ id }) => id)).size).toBe(incident.timeline.length);
      expect(incident.notes.map(({ id }) => id)).toEqual(incident.timeline.filter(({ kind }) => kind === 'note').map(({ id }) => id));
      expect(IncidentSchema.parse(incident)).toEqual(incident);
    }), { numRuns: 100 });
  });
});

describe('alerts in an incident', () => {
  it('an incident is about the entity of its worst alert, or the tenant', () => {
    expect(openIncident({ id: 'i', number: 2, tenant: 'acme', title: 'T', alerts: [alertOf('a', 'low'), alertOf('b', 'critical')], by: 'ann', now: 1 })).toMatchObject({ severity: 'critical', entity: { id: 'user-b' }, alertIds: ['a', 'b'], timeline: [{ kind: 'created' }, { kind: 'alert_added', to: 'a' }, { kind: 'alert_added', to: 'b' }] });
    expect(openIncident({ id: 'i', number: 2, tenant: 'acme', title: 'T', alerts: [], by: 'ann', now: 1 })).toMatchObject({ severity: 'medium', entity: { type: 'tenant', id: 'acme' } });
    expect(titleOf({ title: 'Canary touched', entity: { type: 'user', id: 'bob' } })).toBe('bob: Canary touched');
    expect(titleOf({ title: 'bob touched a canary', entity: { type: 'user', id: 'bob' } })).toBe('bob touched a canary');
  });

  it.each([['medium', false, false], ['high', false, true], ['critical', false, true], ['critical', true, false]] as const)('%s, historical %s: opens one: %s', (severity, historical, needs) => {
    expect(needsIncident({ severity, historical })).toBe(needs);
  });

  it('attaches once, becomes worse, and detaching makes it better again', () => {
    const joined = attachAlerts(incidentIn('triage'), [alertOf('a'), alertOf('b', 'critical')], 'ben', 2_000);
    expect(joined).toMatchObject({ alertIds: ['a', 'b'], severity: 'critical' });
    expect(joined.timeline.at(-1)).toMatchObject({ kind: 'alert_added', to: 'b', by: 'ben' });
    expect(attachAlerts(joined, [alertOf('b')], 'ben', 3_000)).toBe(joined);
    expect(detachAlerts(joined, [alertOf('b')], [alertOf('a')], 'ben', 3_000)).toMatchObject({ alertIds: ['a'], severity: 'high' });
    expect(detachAlerts(joined, [alertOf('z')], [], 'ben', 3_000)).toBe(joined);
    expect(raiseSeverity(incidentIn('new'), alertOf('a', 'critical')).severity).toBe('critical');
  });

  it('takes none when closed or full', () => {
    expect(errorOf(() => attachAlerts(incidentIn('closed'), [alertOf('b')], 'ann', 1))).toMatchObject({ code: 'illegal_transition', details: { allowed: ['triage'] } });
    const full = incidentIn('new', { alertIds: Array.from({ length: ALERTS_PER_INCIDENT_MAX }, (_, index) => `x${index}`) });
    expect(errorOf(() => attachAlerts(full, [alertOf('b')], 'ann', 1))).toMatchObject({ code: 'conflict' });
  });

  it('merges reversibly: both keep their ids, the merged one has no moves of its own', () => {
    const one = incidentIn('contain');
    const two = { ...incidentIn('new'), id: 'i2', number: 2, alertIds: ['b', 'c'], severity: 'critical' as const };
    const { incident, target } = mergeIncidents(two, one, 'ann', 2_000);
    expect(target).toMatchObject({ id: 'i1', state: 'contain', alertIds: ['a', 'b', 'c'], mergedFrom: ['i2'], severity: 'critical' });
    expect(incident).toMatchObject({ id: 'i2', mergedInto: 'i1', alertIds: ['b', 'c'] });
    expect(isOpenIncident(incident)).toBe(false);
    expect(allowedMoves(incident)).toEqual([]);
    expect(errorOf(() => move(incident, 'triage'))).toMatchObject({ code: 'illegal_transition', details: { allowed: ['unmerge'] } });
    const back = unmergeIncidents(incident, target, [alertOf('a'), alertOf('b', 'critical'), alertOf('d', 'low')], 'ann', 3_000);
    expect(back.moved).toEqual(['b']);
    expect(back.incident).toMatchObject({ mergedInto: null, alertIds: ['b'], severity: 'critical', state: 'new' });
    expect(back.target).toMatchObject({ alertIds: ['a', 'c'], mergedFrom: [], severity: 'high' });
  });

  it('refuses merges that could not be undone', () => {
    const one = incidentIn('new');
    const two = { ...incidentIn('new'), id: 'i2' };
    expect(errorOf(() => mergeIncidents(one, one, 'ann', 1))).toMatchObject({ code: 'conflict' });
    expect(errorOf(() => mergeIncidents(two, { ...one, state: 'closed' }, 'ann', 1))).toMatchObject({ code: 'illegal_transition' });
    expect(errorOf(() => mergeIncidents(two, { ...one, mergedInto: 'i9' }, 'ann', 1))).toMatchObject({ code: 'illegal_transition', details: { allowed: ['unmerge'] } });
    expect(errorOf(() => unmergeIncidents(two, one, [], 'ann', 1))).toMatchObject({ code: 'illegal_transition' });
    expect(errorOf(() => unmergeIncidents({ ...two, mergedInto: 'i1' }, { ...one, mergedInto: 'i9' }, [], 'ann', 1))).toMatchObject({ code: 'illegal_transition' });
  });
});
