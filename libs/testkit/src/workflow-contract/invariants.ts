import { ALERT_STATUSES, VERDICTS, type Alert } from '@wary/model/alert.js';
import { severityRank, SEVERITIES } from '@wary/model/finding.js';
import { INCIDENT_STATES, type Incident } from '@wary/model/incident.js';
import type { AlertAction, IncidentAction } from '@wary/ports/workflow.port.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeFinding } from '../make-finding.js';
import { ANN, HOUR_MS, T0, type TenantBench, type useSubject } from './subject.js';

type Step =
  | { do: 'finding'; user: number; reason: number; severity: number; window: number; revision: number; historical: boolean }
  | { do: 'alert'; pick: number; action: AlertAction }
  | { do: 'incident'; pick: number; other: number; action: IncidentAction['kind']; to: (typeof INCIDENT_STATES)[number]; picks: number[] }
  | { do: 'create'; picks: number[] }
  | { do: 'end'; pick: number }
  | { do: 'expire' };

const small = fc.nat(7);
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('finding' as const), user: fc.nat(2), reason: fc.nat(2), severity: fc.nat(4), window: fc.nat(2), revision: fc.nat(2), historical: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('alert' as const), pick: small, action: fc.oneof<fc.Arbitrary<AlertAction>[]>(
    fc.constant({ kind: 'acknowledge' }), fc.record({ kind: fc.constant('assign' as const), assignee: fc.constantFrom(null, 'a', 'b') }), fc.constant({ kind: 'note', text: 'n' }),
    fc.record({ kind: fc.constant('resolve' as const), verdict: fc.constantFrom(...VERDICTS), reason: fc.constant('r') }), fc.constant({ kind: 'reopen' }),
    fc.record({ kind: fc.constant('suppress' as const), scope: fc.constantFrom({ reason: 'r0' }, { detector: 'volume' }, { entity: { type: 'user' as const, id: 'u0' } }), until: fc.integer({ min: T0 + 2_000, max: T0 + 40_000 }), reason: fc.constant('r') }),
  ) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('incident' as const), pick: small, other: small, action: fc.constantFrom('acknowledge', 'assign', 'note', 'transition', 'transition', 'alerts', 'merge', 'unmerge'), to: fc.constantFrom(...INCIDENT_STATES), picks: fc.array(small, { maxLength: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('create' as const), picks: fc.array(small, { maxLength: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('end' as const), pick: small }) },
  { weight: 1, arbitrary: fc.constant({ do: 'expire' as const }) },
);
const REFUSALS = new Set(['illegal_transition', 'conflict', 'validation_failed', 'not_found']);

/** Whatever people, findings and clocks do in whatever order: the books agree. */
export function invariantsContract(use: ReturnType<typeof useSubject>): void {
  describe('random sequences of acts', () => {
    it('keep the invariants', async () => {
      await fc.assert(fc.asyncProperty(fc.array(steps, { minLength: 25, maxLength: 40 }), async (sequence) => {
        const bench = use.bench();
        const known = new Map<string, { alert: string; revision: number }>();
        for (const step of sequence) await run(bench, step, known);
        await check(bench, known);
      }), { numRuns: Number(process.env['WARY_PROPERTY_RUNS'] ?? 6), endOnFailure: true });
    });
  });
}

async function run(bench: TenantBench, step: Step, known: Map<string, { alert: string; revision: number }>): Promise<void> {
  const { workflow, tenant } = bench;
  try {
    if (step.do === 'finding') {
      const id = `u${step.user}-r${step.reason}-${step.window}-${step.historical}`;
      const finding = makeFinding({
        id, tenant, entity: { type: 'user', id: `u${step.user}` }, reason: `r${step.reason}`, detector: { id: step.reason === 1 ? 'canary' : 'volume', version: 1 }, severity: SEVERITIES[step.severity]!,
        revision: step.revision, strength: 5 + step.revision, historical: step.historical, time: T0 + step.window * HOUR_MS,
      });
      const before = await bench.alerts();
      await workflow.applyFindings([finding, finding], bench.tick());
      const after = await bench.alerts();
      // What somebody resolved does not come back.
      for (const alert of before) if (alert.status === 'resolved') expect(after.find(({ id: same }) => same === alert.id)).toEqual(alert);
      known.set(id, { alert: '', revision: Math.max(step.revision, known.get(id)?.revision ?? 0) });
      return;
    }
    if (step.do === 'expire') {
      await workflow.expireSuppressions(bench.tick());
      return;
    }
    if (step.do === 'end') {
      const one = pick(await workflow.listSuppressions(tenant), step.pick);
      if (one !== undefined) await workflow.endSuppression(tenant, one.id, ANN, bench.tick());
      return;
    }
    const alerts = await bench.alerts();
    const picked = (places: readonly number[]): string[] => places.map((place) => pick(alerts, place)?.id).filter((id) => id !== undefined);
    if (step.do === 'alert') {
      const alert = pick(alerts, step.pick);
      if (alert === undefined) return;
      const after = await bench.act(alert.id, step.action, alert.version);
      // The suppression of one alert may change it once more when it is released; nothing else skips a version.
      expect(after.version - alert.version).toBeLessThanOrEqual(1);
      return;
    }
    if (step.do === 'create') {
      await workflow.createIncident(tenant, 'T', picked(step.picks), ANN, bench.tick());
      return;
    }
    const incidents = await bench.incidents();
    const incident = pick(incidents, step.pick);
    const other = pick(incidents, step.other);
    if (incident === undefined || other === undefined) return;
    const action: IncidentAction = step.action === 'assign' ? { kind: 'assign', assignee: `p${step.other}` }
      : step.action === 'note' ? { kind: 'note', text: 'n' }
      : step.action === 'transition' ? { kind: 'transition', to: step.to, reason: 'r', verdict: 'inconclusive' }
      : step.action === 'alerts' ? { kind: 'alerts', add: picked(step.picks.slice(0, 2)), remove: picked(step.picks.slice(2)) }
      : step.action === 'merge' ? { kind: 'merge', into: other.id } : { kind: step.action };
    const after = await bench.work(incident.id, action, incident.version);
    expect(after.version - incident.version).toBeLessThanOrEqual(1);
  } catch (error) {
    if (!REFUSALS.has((error as { code: string }).code)) throw error;
  }
}

async function check(bench: TenantBench, known: ReadonlyMap<string, unknown>): Promise<void> {
  const [alerts, incidents, audit, outbox, changes, suppressions] = [await bench.alerts(), await bench.incidents(), await bench.audit(), await bench.outbox(), await bench.changes(), await bench.workflow.listSuppressions(bench.tenant)];
  const applied = await bench.subject.sql<{ finding_id: string; alert_id: string }>(`select finding_id, alert_id from applied_findings where tenant = '${bench.tenant}'`);
  expect(new Set(applied.map(({ finding_id }) => finding_id))).toEqual(new Set(known.keys()));

  for (const alert of alerts) {
    const target = `alert:${alert.id}`;
    // Every version has its audit row and its change, the first of them `created`.
    expect(audit.filter((row) => row.target === target)).toHaveLength(alert.version);
    expect(changes.filter((row) => row.target === alert.id).map(({ change }) => change)).toEqual(['created', ...Array.from({ length: alert.version - 1 }, () => 'updated')]);
    const told = outbox.filter(({ payload }) => payload.id === alert.id).map(({ payload }) => payload.version);
    expect(told).toEqual([...new Set(told)].sort((a, b) => a - b));
    if (alert.historical) expect(told).toEqual([]);
    else if (!audit.some((row) => row.target === target && row.action === 'alert.suppress') && alert.suppressionId === null && alert.status !== 'suppressed' && (audit.find((row) => row.target === target)!.after!['status'] !== 'suppressed')) expect(told).toHaveLength(alert.version);

    expect(ALERT_STATUSES).toContain(alert.status);
    expect(alert.status === 'resolved').toBe(alert.verdict !== null);
    expect(alert.status === 'resolved').toBe(alert.resolvedAt !== null);
    expect(alert.status === 'suppressed').toBe(alert.suppressionId !== null);
    if (alert.status === 'acknowledged') expect(alert.acknowledgedBy).not.toBeNull();
    if (alert.suppressionId !== null) expect(suppressions.map(({ id }) => id)).toContain(alert.suppressionId);
    expect(applied.filter(({ alert_id }) => alert_id === alert.id).map(({ finding_id }) => finding_id).sort()).toEqual([...alert.findingIds].sort());
    expect(alert.findingCount).toBe(alert.findingIds.length);
    expect(alert.firstSeen).toBeLessThanOrEqual(alert.lastSeen);
  }
  for (const incident of incidents) checkIncident(incident, incidents, alerts, audit.filter((row) => row.target === `incident:${incident.id}`).length);
  expect(outbox.filter(({ type }) => type.startsWith('incident.'))).toHaveLength(incidents.reduce((sum, { version }) => sum + version, 0));
  expect(incidents.map(({ number }) => number)).toEqual(Array.from({ length: incidents.length }, (_, index) => incidents.length - index));
}

function checkIncident(incident: Incident, incidents: readonly Incident[], alerts: readonly Alert[], audited: number): void {
  expect(audited).toBe(incident.version);
  expect(incident.state === 'closed').toBe(incident.closedAt !== null);
  expect(incident.timeToResolveMs === null).toBe(incident.closedAt === null);
  expect(incident.timeToAcknowledgeMs === null).toBe(incident.acknowledgedAt === null);
  expect(incident.timeline[0]!.kind).toBe('created');
  expect(new Set(incident.timeline.map(({ id }) => id)).size).toBe(incident.timeline.length);
  // The timeline alone tells which alerts are in it, which state it is in, and into what it was merged.
  const last = incident.timeline.filter(({ kind }) => kind === 'moved' || kind === 'closed' || kind === 'reopened').at(-1);
  expect(last?.to ?? 'new').toBe(incident.state);
  const merges = incident.timeline.filter(({ kind, to, from }) => (kind === 'merged' && to !== null) || (kind === 'unmerged' && from !== null)).at(-1);
  expect(merges?.kind === 'merged' ? merges.to : null).toBe(incident.mergedInto);
  if (incident.mergedInto === null) {
    const members = alerts.filter(({ incidentId }) => incidentId === incident.id);
    expect([...incident.alertIds].sort()).toEqual(members.map(({ id }) => id).sort());
    for (const alert of members) if (alert.status !== 'suppressed' && incident.state !== 'closed') expect(severityRank(incident.severity)).toBeGreaterThanOrEqual(incident.mergedFrom.length > 0 ? 0 : Math.min(severityRank(alert.severity), severityRank(incident.severity)));
  } else {
    expect(incidents.find(({ id }) => id === incident.mergedInto)!.mergedFrom).toContain(incident.id);
    expect(alerts.filter(({ incidentId }) => incidentId === incident.id)).toEqual([]);
  }
}

const pick = <T>(list: readonly T[], place: number): T | undefined => (list.length === 0 ? undefined : list[place % list.length]);
