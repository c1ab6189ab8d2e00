import type { Alert } from '@wary/model/alert.js';
import { describe, expect, it } from 'vitest';
import { makeFinding } from '../make-finding.js';
import { ANN, HOUR_MS, T0, type TenantBench, type useSubject } from './subject.js';

const ALICE = { type: 'user', id: 'alice' } as const;
const states = (alerts: readonly Alert[]) => Object.fromEntries(alerts.map(({ reason, status, suppressionId }) => [reason, [status, suppressionId]]));

/** Hiding what is known, for a time, with a reason. */
export function suppressionsContract(use: ReturnType<typeof useSubject>): void {
  const threeReasons = (bench: TenantBench) => bench.apply(
    makeFinding({ id: 'v', reason: 'volume' }), makeFinding({ id: 'c', reason: 'canary', detector: { id: 'canary', version: 1 } }), makeFinding({ id: 'b', reason: 'b-volume', entity: { type: 'user', id: 'bob' } }));

  describe('suppressions', () => {
    it('hide what is there and what comes, say so once, and tell nobody of what comes', async () => {
      const bench = use.bench();
      const alerts = await threeReasons(bench);
      const volume = alerts.find(({ reason }) => reason === 'volume')!;
      const suppressed = await bench.act(volume.id, { kind: 'suppress', scope: { detector: 'volume' }, until: bench.now + HOUR_MS, reason: 'load test' });
      const [suppression] = await bench.workflow.listSuppressions(bench.tenant);
      expect(suppressed).toMatchObject({ status: 'suppressed', suppressionId: suppression!.id, version: 2 });
      expect(suppression).toMatchObject({ scope: { detector: 'volume' }, reason: 'load test', createdBy: ANN.name, hits: 2 });
      expect(states(await bench.alerts())).toEqual({ volume: ['suppressed', suppression!.id], canary: ['triggered', null], 'b-volume': ['suppressed', suppression!.id] });

      const told = (await bench.outbox()).length;
      await bench.apply(makeFinding({ id: 'x', reason: 'fresh', severity: 'critical' }));
      await bench.apply(makeFinding({ id: 'x2', reason: 'fresh', severity: 'critical', time: T0 + 1 }));
      const fresh = (await bench.alerts()).find(({ reason }) => reason === 'fresh')!;
      expect(fresh).toMatchObject({ status: 'suppressed', suppressionId: suppression!.id, findingCount: 2, incidentId: null });
      expect(await bench.incidents()).toEqual([]);
      expect(await bench.outbox()).toHaveLength(told);
      expect((await bench.workflow.listSuppressions(bench.tenant))[0]).toMatchObject({ hits: 3 });
      expect((await bench.audit()).filter(({ action }) => action.startsWith('suppression.')).map(({ action }) => action)).toEqual(['suppression.create']);
    });

    it('end by themselves: alerts are triggered again, and severe ones open their incident then', async () => {
      const bench = use.bench();
      const [alert] = await bench.apply(makeFinding({ severity: 'medium' }));
      await bench.act(alert!.id, { kind: 'suppress', scope: { entity: ALICE }, until: T0 + HOUR_MS, reason: 'known' });
      await bench.apply(makeFinding({ id: 'worse', severity: 'critical', strength: 30 }));
      expect(await bench.workflow.expireSuppressions(T0 + HOUR_MS - 1)).toBe(0);
      bench.now = T0 + HOUR_MS;
      expect(await bench.workflow.expireSuppressions(bench.now)).toBe(1);
      expect(await bench.workflow.expireSuppressions(bench.now)).toBe(0);
      expect(await bench.alerts()).toMatchObject([{ status: 'triggered', suppressionId: null, severity: 'critical', incidentId: expect.any(String) }]);
      expect(await bench.incidents()).toHaveLength(1);
      expect(await bench.workflow.listSuppressions(bench.tenant)).toEqual([]);
      expect((await bench.audit()).map(({ action }) => action)).toContain('suppression.expire');
      expect((await bench.outbox()).at(-1)!.type).toBe('incident.created');
      // Over is over.
      expect(await bench.apply(makeFinding({ id: 'next', reason: 'other' }))).toMatchObject([{ status: 'triggered' }, { status: 'triggered' }]);
    });

    it('one whose time is over hides nothing, even before the clock has ended it', async () => {
      const bench = use.bench();
      const [alert] = await bench.apply(makeFinding());
      await bench.act(alert!.id, { kind: 'suppress', scope: { entity: ALICE }, until: bench.now + 5_000, reason: 'short' });
      bench.tick(10_000);
      await bench.apply(makeFinding({ id: 'next', reason: 'other' }));
      expect((await bench.alerts()).find(({ reason }) => reason === 'other')).toMatchObject({ status: 'triggered' });
    });

    it('ended by hand; what another one covers stays hidden', async () => {
      const bench = use.bench();
      const alerts = await threeReasons(bench);
      const volume = alerts.find(({ reason }) => reason === 'volume')!;
      const canary = alerts.find(({ reason }) => reason === 'canary')!;
      await bench.act(volume.id, { kind: 'suppress', scope: { detector: 'volume' }, until: T0 + HOUR_MS, reason: 'one' });
      await bench.act(canary.id, { kind: 'suppress', scope: { entity: ALICE }, until: T0 + 2 * HOUR_MS, reason: 'two' });
      const [one, two] = await bench.workflow.listSuppressions(bench.tenant);
      await bench.workflow.endSuppression(bench.tenant, one!.id, ANN, bench.tick());
      expect(states(await bench.alerts())).toEqual({ volume: ['suppressed', two!.id], canary: ['suppressed', two!.id], 'b-volume': ['triggered', null] });
      expect(await bench.workflow.listSuppressions(bench.tenant)).toMatchObject([{ id: two!.id, hits: 2 }]);
      await expect(bench.workflow.endSuppression(bench.tenant, one!.id, ANN, bench.tick())).rejects.toMatchObject({ code: 'not_found' });
      await expect(bench.workflow.endSuppression('another-tenant', two!.id, ANN, bench.tick())).rejects.toMatchObject({ code: 'not_found' });
      await bench.workflow.endSuppression(bench.tenant, two!.id, ANN, bench.tick());
      expect(Object.values(states(await bench.alerts())).flat()).toEqual(['triggered', null, 'triggered', null, 'triggered', null]);
      expect((await bench.audit()).filter(({ action }) => action === 'suppression.end')).toHaveLength(2);
    });

    it('need an end in the future, a reason and a scope that covers the alert; resolved alerts are left alone', async () => {
      const bench = use.bench();
      const [alert] = await bench.apply(makeFinding());
      for (const bad of [{ until: bench.now - 1 }, { reason: ' ' }, { scope: { detector: 'canary' } }]) {
        await expect(bench.act(alert!.id, { kind: 'suppress', scope: { entity: ALICE }, until: bench.now + HOUR_MS, reason: 'r', ...bad })).rejects.toMatchObject({ code: 'validation_failed' });
      }
      await bench.act(alert!.id, { kind: 'resolve', verdict: 'duplicate', reason: 'r' });
      await expect(bench.act(alert!.id, { kind: 'suppress', scope: { entity: ALICE }, until: bench.now + HOUR_MS, reason: 'r' })).rejects.toMatchObject({ code: 'illegal_transition' });
      expect(await bench.workflow.listSuppressions(bench.tenant)).toEqual([]);
      expect(await bench.alerts()).toMatchObject([{ status: 'resolved', version: 2 }]);
    });

    it('in bulk one suppression is made, and each alert says whether it is in it', async () => {
      const bench = use.bench();
      const alerts = await threeReasons(bench);
      const ids = ['volume', 'canary', 'b-volume'].map((reason) => alerts.find((alert) => alert.reason === reason)!.id);
      const results = await bench.workflow.actOnAlerts(bench.tenant, [...ids, 'nothing'], { kind: 'suppress', scope: { detector: 'volume' }, until: T0 + HOUR_MS, reason: 'test' }, ANN, bench.tick());
      expect(results.map(({ alert, error }) => alert?.status ?? error?.code)).toEqual(['suppressed', 'validation_failed', 'suppressed', 'not_found']);
      expect(await bench.workflow.listSuppressions(bench.tenant)).toMatchObject([{ hits: 2 }]);
    });

    it('the preview counts what would have been hidden, and the confirmed ones among it', async () => {
      const bench = use.bench();
      const alerts = await threeReasons(bench);
      await bench.apply(makeFinding({ id: 'ancient', reason: 'ancient', time: T0 - 20 * 24 * HOUR_MS }));
      const { id, title, entity, severity, lastSeen } = await bench.act(alerts.find(({ reason }) => reason === 'volume')!.id, { kind: 'resolve', verdict: 'true_positive', reason: 'r' });
      const confirmedAlerts = [{ id, title, entity, severity, lastSeen }];
      const preview = (scopes: Parameters<typeof bench.workflow.previewSuppression>[1], days: number) => bench.workflow.previewSuppression(bench.tenant, scopes, days, T0);
      expect(await preview([{ entity: ALICE }], 14)).toEqual({ alerts: 3, matched: 2, entities: 1, confirmed: 1, confirmedAlerts });
      expect(await preview([{ entity: ALICE }], 30)).toEqual({ alerts: 4, matched: 3, entities: 1, confirmed: 1, confirmedAlerts });
      expect(await preview([{ entity: ALICE, detector: 'canary', reason: 'canary' }], 14)).toEqual({ alerts: 3, matched: 1, entities: 1, confirmed: 0, confirmedAlerts: [] });
      expect(await preview([{ reason: 'nothing' }], 14)).toEqual({ alerts: 3, matched: 0, entities: 0, confirmed: 0, confirmedAlerts: [] });
      // One that two scopes hide is hidden once.
      expect(await preview([{ entity: ALICE }, { reason: 'volume' }], 14)).toMatchObject({ alerts: 3, confirmed: 1, confirmedAlerts });
      expect((await preview([{ entity: ALICE }, { reason: 'volume' }], 14)).matched).toBe(new Set(alerts.filter((alert) => alert.entity.id === ALICE.id || alert.reason === 'volume').map((alert) => alert.id)).size);
    });

    it('many alerts are hidden and shown again in steps, all of them', async () => {
      const bench = use.bench();
      const many = Array.from({ length: 510 }, (_, index) => makeFinding({ id: `f${index}`, reason: `r${index}`, severity: 'low' }));
      await bench.workflow.applyFindings(many.map((finding) => ({ ...finding, tenant: bench.tenant })), bench.tick());
      const [alert] = await bench.alerts();
      await bench.act(alert!.id, { kind: 'suppress', scope: { entity: ALICE }, until: T0 + HOUR_MS, reason: 'r' });
      const [suppression] = await bench.workflow.listSuppressions(bench.tenant);
      expect(suppression!.hits).toBe(510);
      expect((await bench.workflow.countAlerts({ tenant: bench.tenant })).byStatus).toMatchObject({ suppressed: 510, triggered: 0 });
      await bench.workflow.endSuppression(bench.tenant, suppression!.id, ANN, bench.tick());
      expect((await bench.workflow.countAlerts({ tenant: bench.tenant })).byStatus).toMatchObject({ suppressed: 0, triggered: 510 });
    });
  });
}
