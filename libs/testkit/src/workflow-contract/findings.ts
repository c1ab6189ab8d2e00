import { describe, expect, it } from 'vitest';
import { makeExplanation, makeFinding } from '../make-finding.js';
import { HOUR_MS, T0, type useSubject } from './subject.js';

/** From findings to alerts and incidents, once, whatever is sent again. */
export function findingsContract(use: ReturnType<typeof useSubject>): void {
  describe('findings become alerts', () => {
    it('a finding opens an alert that says all the finding said; the same again changes nothing', async () => {
      const bench = use.bench();
      const finding = makeFinding({ severity: 'medium', criticality: 2 });
      const [alert] = await bench.apply(finding);
      expect(alert).toMatchObject({
        tenant: bench.tenant, status: 'triggered', severity: 'medium', title: finding.title, entity: finding.entity, detector: finding.detector, reason: 'volume', historical: false, version: 1,
        firstSeen: finding.time, lastSeen: finding.time, createdAt: bench.now, findingCount: 1, findingIds: [finding.id], strength: 7.5, incidentId: null, explanation: finding.explanation,
      });
      expect(await bench.apply(finding, finding)).toEqual([alert]);
      expect(await bench.audit()).toHaveLength(1);
      expect(await bench.outbox()).toHaveLength(1);
      expect(await bench.changes()).toEqual([{ kind: 'alert', target: alert!.id, change: 'created', seq: null }]);
    });

    it('revisions of a finding update its alert, older ones and repeated ones do not', async () => {
      const bench = use.bench();
      const revision = (number: number, strength: number) => makeFinding({ revision: number, strength, explanation: makeExplanation({ summary: `revision ${number}` }) });
      const [first] = await bench.apply(revision(0, 6));
      const [after] = await bench.apply(revision(1, 7), revision(2, 8), revision(1, 7));
      expect(after).toMatchObject({ id: first!.id, version: 2, strength: 8, findingCount: 1, explanation: { summary: 'revision 2' } });
      expect(await bench.apply(revision(1, 99))).toEqual([after]);
      // A revision that a crash left in the middle of a batch arrives with the whole batch again.
      expect(await bench.apply(revision(0, 6), revision(1, 7), revision(2, 8), revision(3, 9))).toMatchObject([{ version: 3, strength: 9 }]);
    });

    it('groups by entity and reason, in one call or in several, near in event time', async () => {
      const bench = use.bench();
      const at = (hours: number, id: string) => makeFinding({ id, time: T0 + hours * HOUR_MS, reason: 'exfiltration', detector: { id: id.startsWith('b') ? 'breadth' : 'volume', version: 1 } });
      const [alert] = await bench.apply(at(0, 'a1'), at(1, 'b1'), at(2, 'a2'));
      expect(alert).toMatchObject({ findingCount: 3, findingIds: ['a1', 'b1', 'a2'], firstSeen: T0, lastSeen: T0 + 2 * HOUR_MS, version: 1 });
      expect(await bench.apply(at(3, 'a3'))).toMatchObject([{ id: alert!.id, findingCount: 4, version: 2 }]);
      expect(await bench.apply(makeFinding({ id: 'c1', time: T0, reason: 'canary' }), makeFinding({ id: 'd1', time: T0, reason: 'exfiltration', entity: { type: 'user', id: 'bob' } }))).toHaveLength(3);
      // Days later it is something new, although nobody looked at the first.
      expect(await bench.apply(at(60, 'a9'))).toHaveLength(4);
    });

    it('what was resolved stays resolved: replays and further revisions are known, a new finding is a new alert', async () => {
      const bench = use.bench();
      const [alert] = await bench.apply(makeFinding({ id: 'f1' }));
      const resolved = await bench.act(alert!.id, { kind: 'resolve', verdict: 'benign_expected', reason: 'quarter end' });
      expect(await bench.apply(makeFinding({ id: 'f1' }))).toEqual([resolved]);
      expect(await bench.apply(makeFinding({ id: 'f1', revision: 1, strength: 30, severity: 'critical' }))).toEqual([resolved]);
      const both = await bench.apply(makeFinding({ id: 'f2', time: T0 + 1_000 }));
      expect(both).toMatchObject([{ status: 'triggered', findingIds: ['f2'] }, { id: alert!.id, status: 'resolved', version: resolved.version }]);
      expect(await bench.incidents()).toEqual([]);
    });

    it('history is kept apart, opens no incident and notifies nobody', async () => {
      const bench = use.bench();
      await bench.apply(makeFinding({ id: 'old', historical: true, severity: 'critical' }), makeFinding({ id: 'new', severity: 'medium' }));
      const alerts = await bench.alerts();
      expect(alerts.map(({ historical, incidentId, findingIds }) => [historical, incidentId, findingIds])).toEqual(expect.arrayContaining([[true, null, ['old']], [false, null, ['new']]]));
      const historical = alerts.find((alert) => alert.historical)!;
      await bench.act(historical.id, { kind: 'acknowledge' });
      expect(await bench.incidents()).toEqual([]);
      expect((await bench.outbox()).map(({ payload }) => payload.id)).toEqual(alerts.filter((alert) => !alert.historical).map(({ id }) => id));
      expect((await bench.audit(`alert:${historical.id}`)).map(({ action }) => action)).toEqual(['alert.create', 'alert.acknowledge']);
    });

    it('what was history and goes on now is an alert of its own; its end is not', async () => {
      const bench = use.bench();
      const [history] = await bench.apply(makeFinding({ id: 'f', historical: true, severity: 'medium' }));
      expect(await bench.apply(makeFinding({ id: 'f', revision: 1, closed: true, severity: 'medium' }))).toMatchObject([{ id: history!.id, historical: true }]);
      const both = await bench.apply(makeFinding({ id: 'f', revision: 2, time: T0 + HOUR_MS, severity: 'medium' }));
      expect(both.map(({ historical, findingIds }) => [historical, findingIds])).toEqual(expect.arrayContaining([[true, ['f']], [false, ['f']]]));
      const live = both.find(({ historical }) => !historical)!;
      expect((await bench.outbox()).map(({ type, payload }) => [type, payload.id])).toEqual([['alert.created', live.id]]);
      // From then on that is its alert, and doing it again changes nothing.
      await bench.apply(makeFinding({ id: 'f', revision: 3, time: T0 + 2 * HOUR_MS, severity: 'medium' }));
      await bench.apply(makeFinding({ id: 'f', revision: 2, time: T0 + HOUR_MS, severity: 'medium' }));
      expect((await bench.alerts()).find(({ id }) => id === live.id)).toMatchObject({ lastSeen: T0 + 2 * HOUR_MS, findingCount: 1 });
      expect(await bench.alerts()).toHaveLength(2);
    });

    it('judged again, findings that were applied leave their alerts alone, and are known by their revision', async () => {
      const bench = use.bench();
      const [alert] = await bench.apply(makeFinding({ id: 'f', severity: 'medium' }));
      const again = [makeFinding({ id: 'f', revision: 4, severity: 'critical', strength: 40, historical: true }), makeFinding({ id: 'g', reason: 'other', severity: 'critical', historical: true })].map((finding) => ({ ...finding, tenant: bench.tenant }));
      await bench.workflow.applyFindings(again, bench.tick(), { keepAlerts: true });
      const alerts = await bench.alerts();
      expect(alerts).toContainEqual(alert);
      expect(alerts.filter(({ id }) => id !== alert!.id)).toMatchObject([{ historical: true, reason: 'other', incidentId: null }]);
      expect(await bench.workflow.appliedRevisions(bench.tenant, ['f', 'g', 'unknown', 'f'])).toEqual(new Map([['f', 4], ['g', 0]]));
      expect(await bench.workflow.appliedRevisions(bench.tenant, [])).toEqual(new Map());
      expect(await bench.incidents()).toEqual([]);
      expect((await bench.outbox()).map(({ payload }) => payload.id)).toEqual([alert!.id]);
    });

    it('takes hostile text as text', async () => {
      const bench = use.bench();
      const id = `x'; drop table alerts; --\u0000\ud800 \u202e<script>`;
      const [alert] = await bench.apply(makeFinding({ id: 'evil', entity: { type: 'user', id }, title: `\u0000${id}`, explanation: makeExplanation({ summary: id }) }));
      expect(alert!.entity.id).toBe(`x'; drop table alerts; --\uFFFD\uFFFD \u202e<script>`);
      const found = await bench.workflow.listAlerts({ tenant: bench.tenant, entity: { type: 'user', id }, q: 'DROP Table', limit: 10 });
      expect(found.items).toEqual([alert]);
      // The next finding of the same name still finds its alert.
      expect(await bench.apply(makeFinding({ id: 'evil2', entity: { type: 'user', id } }))).toMatchObject([{ findingCount: 2 }]);
    });
  });

  describe('severe alerts open incidents', () => {
    it.each(['high', 'critical'] as const)('a live %s one opens an incident, the next of the entity joins it', async (severity) => {
      const bench = use.bench();
      const [alert] = await bench.apply(makeFinding({ severity }));
      const [incident] = await bench.incidents();
      expect(incident).toMatchObject({ number: 1, state: 'new', severity, entity: alert!.entity, alertIds: [alert!.id], version: 1, timeline: [{ kind: 'created', by: 'system' }, { kind: 'alert_added', to: alert!.id }] });
      expect(alert!.incidentId).toBe(incident!.id);
      await bench.apply(makeFinding({ id: 'canary', reason: 'canary', severity: 'critical' }), makeFinding({ id: 'travel', reason: 'impossible_travel', severity: 'high' }));
      expect(await bench.incidents()).toMatchObject([{ id: incident!.id, version: 2, severity: 'critical', alertIds: expect.objectContaining({ length: 3 }) }]);
      await bench.apply(makeFinding({ id: 'other', entity: { type: 'key', id: 'alice' }, severity: 'high' }));
      expect((await bench.incidents()).map(({ number }) => number)).toEqual([2, 1]);
    });

    it('a medium one opens none until it becomes severe; an alert that becomes worse makes its incident worse', async () => {
      const bench = use.bench();
      await bench.apply(makeFinding({ severity: 'medium' }));
      expect(await bench.incidents()).toEqual([]);
      const [alert] = await bench.apply(makeFinding({ severity: 'high', revision: 1, strength: 12 }));
      expect(await bench.incidents()).toMatchObject([{ severity: 'high', alertIds: [alert!.id] }]);
      await bench.apply(makeFinding({ severity: 'critical', revision: 2, strength: 20 }));
      expect(await bench.incidents()).toMatchObject([{ severity: 'critical', version: 2 }]);
      // Nothing new to say about the incident: it is left alone.
      await bench.apply(makeFinding({ severity: 'critical', revision: 3, strength: 30 }));
      expect(await bench.incidents()).toMatchObject([{ version: 2 }]);
    });

    it('many in one call: one incident for each entity, numbers without holes', async () => {
      const bench = use.bench();
      await bench.apply(...Array.from({ length: 30 }, (_, index) => makeFinding({ id: `f${index}`, severity: 'high', reason: `r${index}`, entity: { type: 'user', id: `u${index % 10}` } })));
      const incidents = await bench.incidents();
      expect(incidents.map(({ number }) => number).sort((a, b) => a - b)).toEqual(Array.from({ length: 10 }, (_, index) => index + 1));
      for (const incident of incidents) expect(incident.alertIds).toHaveLength(3);
      expect((await bench.outbox()).filter(({ type }) => type === 'incident.created')).toHaveLength(10);
    });

    it('after it was closed the next severe alert opens another', async () => {
      const bench = use.bench();
      await bench.apply(makeFinding({ id: 'f1', severity: 'high' }));
      const [first] = await bench.incidents();
      await bench.work(first!.id, { kind: 'transition', to: 'closed', verdict: 'true_positive', reason: 'key revoked' });
      await bench.apply(makeFinding({ id: 'f2', severity: 'high' }));
      expect(await bench.incidents()).toMatchObject([{ number: 2, state: 'new' }, { number: 1, state: 'closed' }]);
    });

    it('when its incident was merged into that of another entity, the next joins there', async () => {
      const bench = use.bench();
      const of = (user: string, id: string) => makeFinding({ id, reason: id, severity: 'high', entity: { type: 'user', id: user } });
      await bench.apply(of('alice', 'a1'), of('bob', 'b1'), of('carol', 'c1'));
      const incidents = await bench.incidents();
      const idOf = (user: string): string => incidents.find(({ entity }) => entity.id === user)!.id;
      await bench.work(idOf('alice'), { kind: 'merge', into: idOf('bob') });
      await bench.work(idOf('bob'), { kind: 'merge', into: idOf('carol') });
      await bench.apply(of('alice', 'a2'), of('bob', 'b2'), of('carol', 'c2'));
      expect(await bench.incidents()).toHaveLength(3);
      expect(await bench.workflow.getIncident(bench.tenant, idOf('carol'))).toMatchObject({ alertIds: expect.objectContaining({ length: 6 }) });
      expect(new Set((await bench.alerts()).map(({ incidentId }) => incidentId))).toEqual(new Set([idOf('carol')]));
      await bench.work(idOf('carol'), { kind: 'transition', to: 'closed', reason: 'x', verdict: 'duplicate' });
      expect((await bench.apply(of('alice', 'a3'))).find(({ reason }) => reason === 'a3')!.incidentId).not.toBe(idOf('carol'));
    });

    it('an incident that grew too large is left as it is, and the next severe alert opens another', async () => {
      const bench = use.bench();
      const many = Array.from({ length: 205 }, (_, index) => ({ ...makeFinding({ id: `f${index}`, reason: `r${index}`, severity: 'high' }), tenant: bench.tenant }));
      await bench.workflow.applyFindings(many, bench.tick());
      expect((await bench.incidents()).map(({ number, alertIds }) => [number, alertIds.length])).toEqual([[2, 5], [1, 200]]);
    });

    it('one that a person took out of its incident is not put back by the next finding', async () => {
      const bench = use.bench();
      const [alert] = await bench.apply(makeFinding({ severity: 'high' }));
      const [incident] = await bench.incidents();
      await bench.work(incident!.id, { kind: 'alerts', add: [], remove: [alert!.id] });
      expect(await bench.apply(makeFinding({ id: 'again', severity: 'high', time: T0 + 1_000 }))).toMatchObject([{ incidentId: null, findingCount: 2 }]);
    });
  });
}
