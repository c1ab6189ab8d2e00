import { describe, expect, it } from 'vitest';
import { makeFinding } from '../make-finding.js';
import { ANN, HOUR_MS, T0, type TenantBench, type useSubject } from './subject.js';

/** What people do to incidents. */
export function incidentsContract(use: ReturnType<typeof useSubject>): void {
  /** Alerts with these reasons, none of them severe enough to open an incident. */
  const alertsOf = async (bench: TenantBench, ...reasons: string[]): Promise<string[]> => {
    const alerts = await bench.apply(...reasons.map((reason) => makeFinding({ id: `${bench.now}-${reason}`, reason, severity: 'medium' })));
    return reasons.map((reason) => alerts.find((alert) => alert.reason === reason)!.id);
  };
  const create = (bench: TenantBench, title: string, ids: readonly string[]) => bench.workflow.createIncident(bench.tenant, title, ids, ANN, bench.tick());

  describe('incidents', () => {
    it('go through their stages, with an entry, an audit row, an outbox row and a change each', async () => {
      const bench = use.bench();
      const [a] = await alertsOf(bench, 'a');
      const { id } = await create(bench, 'Leaver takes data', [a!]);
      const createdAt = bench.now;
      await bench.work(id, { kind: 'acknowledge' });
      await bench.work(id, { kind: 'acknowledge' });
      await bench.work(id, { kind: 'assign', assignee: 'ben@example.org' });
      await bench.work(id, { kind: 'note', text: 'called the manager' });
      for (const to of ['triage', 'contain', 'triage', 'contain', 'eradicate', 'recover'] as const) await bench.work(id, { kind: 'transition', to, reason: '', verdict: null });
      const closed = await bench.work(id, { kind: 'transition', to: 'closed', reason: 'access revoked', verdict: 'true_positive' });
      expect(closed).toMatchObject({ state: 'closed', version: 11, verdict: 'true_positive', closeReason: 'access revoked', acknowledgedBy: ANN.name, timeToAcknowledgeMs: 1_000, timeToResolveMs: bench.now - createdAt, notes: [{ text: 'called the manager' }] });
      expect(await bench.workflow.getIncident(bench.tenant, id)).toEqual(closed);
      expect(closed.timeline.map(({ kind }) => kind)).toEqual(['created', 'alert_added', 'acknowledged', 'assigned', 'note', 'moved', 'moved', 'moved', 'moved', 'moved', 'moved', 'closed']);
      expect(await bench.alerts()).toMatchObject([{ status: 'resolved', verdict: 'true_positive', resolution: 'access revoked' }]);
      expect(await bench.audit(`incident:${id}`)).toHaveLength(11);
      expect((await bench.outbox()).filter(({ payload }) => payload.id === id).map(({ payload }) => payload.version)).toEqual(Array.from({ length: 11 }, (_, index) => index + 1));
      expect((await bench.changes()).filter(({ target }) => target === id)).toHaveLength(11);

      const reopened = await bench.work(id, { kind: 'transition', to: 'triage', reason: 'it went on', verdict: null });
      expect(reopened).toMatchObject({ state: 'triage', verdict: null, closedAt: null, timeToResolveMs: null });
      expect((await bench.audit(`incident:${id}`)).at(-1)!.action).toBe('incident.reopen');
      expect(await bench.alerts()).toMatchObject([{ status: 'resolved' }]);
    });

    it('refuse illegal moves with the allowed ones, stale versions, and closing without verdict or reason', async () => {
      const bench = use.bench();
      const { id } = await create(bench, 'T', []);
      await expect(bench.work(id, { kind: 'transition', to: 'recover', reason: '', verdict: null })).rejects.toMatchObject({ code: 'illegal_transition', status: 409, details: { allowed: ['triage', 'closed'] } });
      await expect(bench.work(id, { kind: 'transition', to: 'closed', reason: 'x', verdict: null })).rejects.toMatchObject({ code: 'validation_failed' });
      await expect(bench.work(id, { kind: 'acknowledge' }, 9)).rejects.toMatchObject({ code: 'stale_version', details: { version: 1 } });
      await expect(bench.work('nothing', { kind: 'acknowledge' })).rejects.toMatchObject({ code: 'not_found' });
      await expect(bench.workflow.getIncident('another-tenant', id)).rejects.toMatchObject({ code: 'not_found' });
      expect(await bench.work(id, { kind: 'transition', to: 'closed', reason: 'a drill', verdict: 'false_positive' }, 1)).toMatchObject({ state: 'closed', version: 2 });
      await expect(bench.work(id, { kind: 'acknowledge' })).rejects.toMatchObject({ code: 'illegal_transition', details: { allowed: ['triage'] } });
    });

    it('begin with alerts of the person\'s choice, or none; an alert is in one open incident at a time', async () => {
      const bench = use.bench();
      const [a, b] = await alertsOf(bench, 'a', 'b');
      const one = await create(bench, 'One', [a!, a!]);
      expect(one).toMatchObject({ number: 1, alertIds: [a], entity: { type: 'user', id: 'alice' }, severity: 'medium' });
      expect(await create(bench, 'Empty', [])).toMatchObject({ number: 2, alertIds: [], entity: { type: 'tenant', id: bench.tenant } });
      await expect(create(bench, 'Two', [a!, b!])).rejects.toMatchObject({ code: 'conflict', details: { incidentId: one.id } });
      await expect(create(bench, 'Two', ['nothing'])).rejects.toMatchObject({ code: 'not_found' });
      // Refused ones leave no hole in the numbers that people see.
      expect(await create(bench, 'Two', [b!])).toMatchObject({ number: 3 });
    });

    it('attach and detach', async () => {
      const bench = use.bench();
      const [a, b, c] = await alertsOf(bench, 'a', 'b', 'c');
      const { id } = await create(bench, 'T', [a!]);
      expect(await bench.work(id, { kind: 'alerts', add: [b!, c!], remove: [a!] })).toMatchObject({ alertIds: [b, c], version: 2 });
      expect((await bench.alerts()).map(({ id: alert, incidentId }) => [alert, incidentId])).toEqual(expect.arrayContaining([[a, null], [b, id], [c, id]]));
      expect(await bench.work(id, { kind: 'alerts', add: [b!], remove: [a!] })).toMatchObject({ version: 2 });
      await expect(bench.work(id, { kind: 'alerts', add: [a!], remove: [a!] })).rejects.toMatchObject({ code: 'validation_failed' });
      await bench.work(id, { kind: 'transition', to: 'closed', reason: 'x', verdict: 'inconclusive' });
      await expect(bench.work(id, { kind: 'alerts', add: [a!], remove: [] })).rejects.toMatchObject({ code: 'illegal_transition' });
      // A closed incident lets its alert go to another, and remembers that it did.
      const other = await create(bench, 'Other', [b!]);
      expect(other.alertIds).toEqual([b]);
      expect(await bench.workflow.getIncident(bench.tenant, id)).toMatchObject({ alertIds: [c], timeline: expect.arrayContaining([expect.objectContaining({ kind: 'alert_removed', from: b })]) });
    });

    it('merge and unmerge: both ids stay, the alerts go and come back', async () => {
      const bench = use.bench();
      const [a, b, c] = await alertsOf(bench, 'a', 'b', 'c');
      const one = await create(bench, 'One', [a!]);
      const two = await create(bench, 'Two', [b!, c!]);
      expect(await bench.work(two.id, { kind: 'merge', into: one.id })).toMatchObject({ id: two.id, mergedInto: one.id, version: 2 });
      expect(await bench.workflow.getIncident(bench.tenant, one.id)).toMatchObject({ alertIds: [a, b, c], mergedFrom: [two.id], version: 2 });
      expect(new Set((await bench.alerts()).map(({ incidentId }) => incidentId))).toEqual(new Set([one.id]));
      expect((await bench.workflow.listIncidents({ tenant: bench.tenant, open: true, limit: 10 })).items.map(({ id }) => id)).toEqual([one.id]);
      await expect(bench.work(two.id, { kind: 'acknowledge' })).rejects.toMatchObject({ code: 'illegal_transition', details: { allowed: ['unmerge'] } });
      await expect(bench.work(one.id, { kind: 'merge', into: one.id })).rejects.toMatchObject({ code: 'conflict' });
      await expect(bench.work(one.id, { kind: 'merge', into: 'nothing' })).rejects.toMatchObject({ code: 'not_found' });
      await expect(bench.work(one.id, { kind: 'unmerge' })).rejects.toMatchObject({ code: 'illegal_transition' });
      await bench.work(one.id, { kind: 'alerts', add: [], remove: [c!] });
      expect(await bench.work(two.id, { kind: 'unmerge' })).toMatchObject({ mergedInto: null, alertIds: [b], state: 'new' });
      expect(await bench.workflow.getIncident(bench.tenant, one.id)).toMatchObject({ alertIds: [a], mergedFrom: [] });
      expect((await bench.alerts()).map(({ id, incidentId }) => [id, incidentId])).toEqual(expect.arrayContaining([[a, one.id], [b, two.id], [c, null]]));
    });

    it('closing leaves a suppressed alert hidden; when that ends and it is severe, it finds a new home', async () => {
      const bench = use.bench();
      const [alert] = await bench.apply(makeFinding({ severity: 'high' }));
      const [incident] = await bench.incidents();
      await bench.act(alert!.id, { kind: 'suppress', scope: { reason: 'volume' }, until: T0 + HOUR_MS, reason: 'r' });
      await bench.work(incident!.id, { kind: 'transition', to: 'closed', reason: 'x', verdict: 'inconclusive' });
      expect(await bench.alerts()).toMatchObject([{ status: 'suppressed', incidentId: incident!.id }]);
      await bench.workflow.expireSuppressions(T0 + HOUR_MS);
      const [reborn] = await bench.alerts();
      expect(reborn).toMatchObject({ status: 'triggered' });
      expect(reborn!.incidentId).not.toBe(incident!.id);
      expect(await bench.incidents()).toMatchObject([{ number: 2, alertIds: [alert!.id] }, { number: 1, state: 'closed', alertIds: [] }]);
    });

    it('are found by every filter, page by page', async () => {
      const bench = use.bench();
      for (const [index, user] of ['alice', 'bob', 'alice', 'carol', 'bob'].entries()) {
        const alerts = await bench.apply(makeFinding({ id: `f${index}`, reason: `r${index}`, severity: 'medium', entity: { type: 'user', id: user } }));
        await create(bench, `Case ${index} of ${user}`, [alerts.find(({ reason }) => reason === `r${index}`)!.id]);
      }
      const all = await bench.incidents();
      await bench.work(all[0]!.id, { kind: 'transition', to: 'closed', reason: 'x', verdict: 'duplicate' });
      await bench.work(all[1]!.id, { kind: 'assign', assignee: 'ben@example.org' });
      await bench.work(all[2]!.id, { kind: 'transition', to: 'triage', reason: '', verdict: null });
      const numbers = async (filter: object) => (await bench.workflow.listIncidents({ tenant: bench.tenant, limit: 50, ...filter })).items.map(({ number }) => number);
      expect(await numbers({})).toEqual([5, 4, 3, 2, 1]);
      expect(await numbers({ open: true })).toEqual([4, 3, 2, 1]);
      expect(await numbers({ open: false })).toEqual([5]);
      expect(await numbers({ state: ['triage', 'closed'] })).toEqual([5, 3]);
      expect(await numbers({ severity: ['medium'] })).toHaveLength(5);
      expect(await numbers({ severity: ['critical'] })).toEqual([]);
      expect(await numbers({ entity: { type: 'user', id: 'bob' } })).toEqual([5, 2]);
      expect(await numbers({ assignee: 'ben@example.org' })).toEqual([4]);
      expect(await numbers({ q: 'CASE 2' })).toEqual([3]);
      expect(await numbers({ q: '#4' })).toEqual([4]);
      const first = await bench.workflow.listIncidents({ tenant: bench.tenant, limit: 3 });
      const second = await bench.workflow.listIncidents({ tenant: bench.tenant, limit: 3, cursor: first.next! });
      expect([...first.items, ...second.items].map(({ number }) => number)).toEqual([5, 4, 3, 2, 1]);
      expect(second.next).toBeNull();
    });
  });
}
