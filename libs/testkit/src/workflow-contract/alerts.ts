import type { Alert } from '@wary/model/alert.js';
import type { AlertQuery } from '@wary/ports/workflow.port.js';
import { describe, expect, it } from 'vitest';
import { makeExplanation, makeFinding } from '../make-finding.js';
import { ANN, HOUR_MS, T0, type TenantBench, type useSubject } from './subject.js';

/** What people do to alerts, and how they find them. */
export function alertsContract(use: ReturnType<typeof useSubject>): void {
  describe('acts on an alert', () => {
    it('each is a version, an audit row with who and from where, an outbox row and a change', async () => {
      const bench = use.bench();
      const [{ id }] = await bench.apply(makeFinding()) as [Alert];
      expect(await bench.act(id, { kind: 'acknowledge' })).toMatchObject({ status: 'acknowledged', acknowledgedBy: ANN.name, version: 2, updatedAt: bench.now });
      expect(await bench.act(id, { kind: 'assign', assignee: 'ben@example.org' })).toMatchObject({ assignee: 'ben@example.org', version: 3 });
      // Nothing changes, so nothing is written.
      expect(await bench.act(id, { kind: 'assign', assignee: 'ben@example.org' })).toMatchObject({ version: 3 });
      expect(await bench.act(id, { kind: 'note', text: 'asked her' })).toMatchObject({ notes: [{ by: ANN.name, text: 'asked her' }], version: 4 });
      expect(await bench.act(id, { kind: 'resolve', verdict: 'true_positive', reason: 'leaver' })).toMatchObject({ status: 'resolved', verdict: 'true_positive', version: 5 });
      const last = await bench.act(id, { kind: 'reopen' });
      expect(last).toMatchObject({ status: 'triggered', verdict: null, version: 6 });
      expect(await bench.workflow.getAlert(bench.tenant, id)).toEqual(last);

      const audit = await bench.audit(`alert:${id}`);
      expect(audit.map(({ action }) => action)).toEqual(['alert.create', 'alert.acknowledge', 'alert.assign', 'alert.note', 'alert.resolve', 'alert.reopen']);
      expect(audit[2]).toMatchObject({ actor_name: ANN.name, ip: ANN.ip, before: { assignee: null }, after: { assignee: 'ben@example.org' } });
      expect(audit[3]!.after).toEqual({ note: 'asked her' });
      expect(audit[4]).toMatchObject({ before: { status: 'acknowledged', verdict: null }, after: { status: 'resolved', verdict: 'true_positive', resolution: 'leaver' } });
      expect((await bench.outbox()).map(({ type, payload }) => [type, payload.version])).toEqual([['alert.created', 1], ...[2, 3, 4, 5, 6].map((version) => ['alert.updated', version])]);
      expect((await bench.changes()).map(({ change }) => change)).toEqual(['created', ...Array.from({ length: 5 }, () => 'updated')]);
    });

    it('illegal moves, stale versions and unknown ids are refused and leave nothing', async () => {
      const bench = use.bench();
      const [alert] = await bench.apply(makeFinding());
      await expect(bench.act(alert!.id, { kind: 'reopen' })).rejects.toMatchObject({ code: 'illegal_transition', status: 409, details: { allowed: ['acknowledge', 'resolve', 'suppress'] } });
      await expect(bench.act(alert!.id, { kind: 'acknowledge' }, 7)).rejects.toMatchObject({ code: 'stale_version', status: 412, details: { version: 1 } });
      await expect(bench.act('nothing', { kind: 'acknowledge' })).rejects.toMatchObject({ code: 'not_found' });
      await expect(bench.workflow.getAlert(bench.tenant, 'nothing')).rejects.toMatchObject({ code: 'not_found' });
      await expect(bench.workflow.getAlert('another-tenant', alert!.id)).rejects.toMatchObject({ code: 'not_found' });
      await expect(bench.workflow.actOnAlert('another-tenant', alert!.id, { kind: 'acknowledge' }, ANN, bench.now)).rejects.toMatchObject({ code: 'not_found' });
      expect(await bench.alerts()).toEqual([alert]);
      expect(await bench.audit()).toHaveLength(1);
      expect(await bench.act(alert!.id, { kind: 'acknowledge' }, 1)).toMatchObject({ version: 2 });
    });

    it('of two who act on the same version one wins', async () => {
      const bench = use.bench();
      const [alert] = await bench.apply(makeFinding());
      const results = await Promise.allSettled([1, 2, 3].map((who) => bench.act(alert!.id, { kind: 'assign', assignee: `p${who}` }, 1)));
      expect(results.map((result) => (result.status === 'fulfilled' ? 'done' : (result.reason as { code: string }).code)).sort()).toEqual(['done', 'stale_version', 'stale_version']);
      expect(await bench.audit(`alert:${alert!.id}`)).toHaveLength(2);
    });

    it('in bulk every item has its own result', async () => {
      const bench = use.bench();
      const alerts = await bench.apply(...Array.from({ length: 4 }, (_, index) => makeFinding({ id: `f${index}`, reason: `r${index}` })));
      await bench.act(alerts[0]!.id, { kind: 'acknowledge' });
      const results = await bench.workflow.actOnAlerts(bench.tenant, [...alerts.map(({ id }) => id), 'nothing'], { kind: 'acknowledge' }, ANN, bench.tick());
      expect(results.map(({ id, alert, error }) => [id, alert?.status ?? null, error?.code ?? null])).toEqual([
        [alerts[0]!.id, null, 'illegal_transition'], ...alerts.slice(1).map(({ id }) => [id, 'acknowledged', null]), ['nothing', null, 'not_found'],
      ]);
      expect((await bench.audit()).filter(({ action }) => action === 'alert.acknowledge')).toHaveLength(4);
    });
  });

  describe('lists of alerts', () => {
    const users = ['alice', 'bob', 'carol'];
    const severities = ['low', 'medium', 'high'] as const;
    let shared: Promise<TenantBench> | null = null;
    const filled = (): Promise<TenantBench> => (shared ??= fill(use.bench()));
    async function fill(bench: TenantBench): Promise<TenantBench> {
      for (let index = 0; index < 24; index += 1) {
        await bench.apply(makeFinding({
          id: `f${index}`, entity: { type: 'user', id: users[index % 3]! }, reason: `r${index}`, detector: { id: index % 2 === 0 ? 'volume' : 'canary', version: 1 }, severity: severities[index % 3 === 0 ? 0 : (index >> 1) % 3]!,
          time: T0 + ((index * 7) % 24) * HOUR_MS, historical: index % 5 === 0, title: `Thing ${index} 100%_done`, explanation: makeExplanation({ summary: index === 11 ? 'needle IN the Haystack ÄÖ' : 'hay' }),
        }));
      }
      const alerts = await bench.alerts();
      for (const [index, alert] of alerts.entries()) {
        if (index % 4 === 1) await bench.act(alert.id, { kind: 'acknowledge' });
        if (index % 4 === 2) await bench.act(alert.id, { kind: 'resolve', verdict: 'inconclusive', reason: 'x' });
        if (index % 6 === 0) await bench.act(alert.id, { kind: 'assign', assignee: 'ben@example.org' });
      }
      return bench;
    }

    it('every filter is the filter of a plain loop, and counts agree with lists', async () => {
      const bench = await filled();
      const all = await bench.alerts();
      const incidentId = all.find((alert) => alert.incidentId !== null)!.incidentId!;
      const cases: Array<[Partial<AlertQuery>, (alert: Alert) => boolean]> = [
        [{}, () => true],
        [{ status: ['triggered'] }, ({ status }) => status === 'triggered'],
        [{ status: ['acknowledged', 'resolved'] }, ({ status }) => status === 'acknowledged' || status === 'resolved'],
        [{ status: [] }, () => true],
        [{ severity: ['low', 'high'] }, ({ severity }) => severity !== 'medium'],
        [{ entity: { type: 'user', id: 'bob' } }, ({ entity }) => entity.id === 'bob'],
        [{ entity: { type: 'key', id: 'bob' } }, () => false],
        [{ detector: 'canary' }, ({ detector }) => detector.id === 'canary'],
        [{ historical: true }, ({ historical }) => historical],
        [{ historical: false, assignee: 'ben@example.org' }, ({ historical, assignee }) => !historical && assignee === 'ben@example.org'],
        [{ from: T0 + 10 * HOUR_MS, to: T0 + 20 * HOUR_MS }, ({ firstSeen, lastSeen }) => lastSeen >= T0 + 10 * HOUR_MS && firstSeen < T0 + 20 * HOUR_MS],
        [{ incidentId }, (alert) => alert.incidentId === incidentId],
        [{ q: 'NEEDLE in the haystack äö' }, ({ explanation }) => explanation.summary.startsWith('needle')],
        [{ q: '100%_d' }, () => true], [{ q: '%' }, () => true], [{ q: '100_%' }, () => false],
        [{ q: 'alice' }, ({ entity }) => entity.id === 'alice'], [{ q: 'no such thing\u0000' }, () => false], [{ q: '' }, () => true],
        [{ status: ['triggered'], severity: ['high'], detector: 'volume', q: 'thing' }, (alert) => alert.status === 'triggered' && alert.severity === 'high' && alert.detector.id === 'volume'],
      ];
      for (const [filter, holds] of cases) {
        const expected = all.filter(holds);
        const { items } = await bench.workflow.listAlerts({ tenant: bench.tenant, limit: 200, ...filter });
        expect(items.map(({ id }) => id), JSON.stringify(filter)).toEqual(expected.map(({ id }) => id));
        const counts = await bench.workflow.countAlerts({ tenant: bench.tenant, ...filter });
        expect(counts.total).toBe(expected.length);
        for (const [severity, count] of Object.entries(counts.bySeverity)) expect(count).toBe(expected.filter((alert) => alert.severity === severity).length);
        for (const [status, count] of Object.entries(counts.byStatus)) expect(count).toBe(expected.filter((alert) => alert.status === status).length);
      }
    });

    it.each(['newest', 'severity', 'lastSeen'] as const)('pages by %s: everything once, in order, also while alerts arrive', async (sort) => {
      const bench = await filled();
      const rank = { informational: 0, low: 1, medium: 2, high: 3, critical: 4 };
      const key = (alert: Alert): number[] => (sort === 'newest' ? [alert.createdAt] : sort === 'lastSeen' ? [alert.lastSeen] : [rank[alert.severity], alert.createdAt]);
      const standing = (await bench.alerts()).map(({ id }) => id);
      const seen: Alert[] = [];
      let cursor: string | undefined;
      do {
        const page = await bench.workflow.listAlerts({ tenant: bench.tenant, sort, limit: 7, ...(cursor === undefined ? {} : { cursor }) });
        seen.push(...page.items);
        cursor = page.next ?? undefined;
        if (seen.length === 7) await bench.apply(makeFinding({ id: `late by ${sort}`, reason: sort, severity: 'critical', time: T0 + 99 * HOUR_MS }));
      } while (cursor !== undefined);
      expect(seen.map(({ id }) => id).sort()).toEqual(standing.sort());
      for (let index = 1; index < seen.length; index += 1) {
        const [a, b] = [[...key(seen[index - 1]!)], [...key(seen[index]!)]];
        const differs = a.findIndex((value, place) => value !== b[place]);
        if (differs === -1) expect(seen[index - 1]!.id > seen[index]!.id).toBe(true);
        else expect(a[differs]!).toBeGreaterThan(b[differs]!);
      }
    });

    it.each(['', 'nonsense', Buffer.from('[1]').toString('base64url'), Buffer.from('["a","b"]').toString('base64url')])('refuses the cursor %j', async (cursor) => {
      await expect(use.subject.workflow.listAlerts({ tenant: 'x', limit: 5, cursor })).rejects.toMatchObject({ code: 'bad_request' });
    });
  });

  it('risk is read from the alerts of the entity', async () => {
    const bench = use.bench();
    const alice = { type: 'user', id: 'alice' } as const;
    const bob = { type: 'user', id: 'bob' } as const;
    await bench.apply(makeFinding({ severity: 'high', reason: 'a', id: 'a' }), makeFinding({ severity: 'medium', reason: 'b', id: 'b' }), makeFinding({ entity: bob, id: 'c', severity: 'low' }));
    const risk = await bench.workflow.riskOf(bench.tenant, alice, T0);
    expect(risk).toMatchObject({ now: 60, entries: [{ points: 50 }, { points: 10 }] });
    expect(await bench.workflow.risksOf(bench.tenant, [bob, { type: 'user', id: 'nobody' }, alice], T0)).toEqual([2, 0, 60]);
    expect(await bench.workflow.risksOf(bench.tenant, [], T0)).toEqual([]);
    expect((await bench.workflow.riskOf(bench.tenant, alice, T0 - 1)).now).toBe(0);
  });

  it('the risk of a past instant is what was shown then, whatever has become of its alerts', async () => {
    const bench = use.bench();
    const alice = { type: 'user', id: 'alice' } as const;
    const shown: Array<{ readonly at: number; readonly ledger: unknown }> = [];
    const look = async (): Promise<void> => {
      bench.now += HOUR_MS;
      shown.push({ at: bench.now, ledger: await bench.workflow.riskOf(bench.tenant, alice, bench.now) });
      bench.now += HOUR_MS;
    };
    const at = (hours: number): number => T0 + hours * HOUR_MS;
    bench.now = at(1);
    await bench.apply(makeFinding({ severity: 'medium', reason: 'a', id: 'a', time: at(0) }), makeFinding({ severity: 'high', reason: 'b', id: 'b', time: at(0) }));
    await look();
    // Graver, on a more critical asset, and still going on.
    await bench.apply(makeFinding({ severity: 'high', criticality: 4, reason: 'a', id: 'a', revision: 1, time: at(3) }), makeFinding({ severity: 'low', reason: 'c', id: 'c', time: at(3) }));
    await look();
    const alertOf = async (reason: string): Promise<Alert> => (await bench.alerts()).find((alert) => alert.reason === reason)!;
    await bench.act((await alertOf('b')).id, { kind: 'resolve', verdict: 'false_positive', reason: 'a test' });
    await look();
    await bench.act((await alertOf('b')).id, { kind: 'reopen' });
    await look();
    await bench.act((await alertOf('a')).id, { kind: 'suppress', scope: { reason: 'a' }, until: bench.now + 99 * HOUR_MS, reason: 'accepted' });
    await look();
    expect(new Set(shown.map(({ ledger }) => (ledger as { now: number }).now)).size).toBe(shown.length);
    for (const { at: then, ledger } of shown) {
      const { now, entries } = await bench.workflow.riskThen(bench.tenant, alice, then);
      expect({ now, entries }).toEqual({ now: (ledger as { now: number }).now, entries: (ledger as { entries: unknown }).entries });
    }
    expect((await bench.workflow.riskThen(bench.tenant, alice, T0 - 1)).now).toBe(0);
  });

  it('whoever is at risk comes highest first, without what was cleared or accepted', async () => {
    const bench = use.bench();
    const of = (id: string) => ({ type: 'user', id }) as const;
    await bench.apply(makeFinding({ entity: of('one'), id: 'c', severity: 'high' }), ...Array.from({ length: 3 }, (_, n) => makeFinding({ entity: of('grave'), id: `g${n}`, severity: 'high', criticality: 3, reason: `r${n}` })),
      makeFinding({ entity: of('low'), id: 'l', severity: 'low' }), makeFinding({ entity: of('cleared'), id: 'x', severity: 'critical' }), makeFinding({ entity: of('nothing'), id: 'i', severity: 'informational' }));
    const cleared = (await bench.alerts()).find(({ entity }) => entity.id === 'cleared')!;
    await bench.act(cleared.id, { kind: 'resolve', verdict: 'false_positive', reason: 'a test' });
    const riskiest = await bench.workflow.riskiest(bench.tenant, T0, 10);
    expect(riskiest.map(({ entity }) => entity.id)).toEqual(['grave', 'one', 'low']);
    for (const { entity, risk } of riskiest) expect(risk).toBe((await bench.workflow.riskOf(bench.tenant, entity, T0)).now);
    expect((await bench.workflow.riskiest(bench.tenant, T0, 1)).map(({ entity }) => entity.id)).toEqual(['grave']);
    expect(await bench.workflow.riskiest('nobody', T0, 10)).toEqual([]);
  });
}
