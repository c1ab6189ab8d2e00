import type { LiveChange } from '@wary/model/live.js';
import { describe, expect, it } from 'vitest';
import { makeFinding } from '../make-finding.js';
import { type TenantBench, type useSubject } from './subject.js';

/** All or nothing; and every committed change gets its number, without holes, in the order of the commits. */
export function changesContract(use: ReturnType<typeof useSubject>): void {
  const relayAll = async (bench: TenantBench): Promise<LiveChange[]> => {
    const all: LiveChange[] = [];
    for (let part = await bench.workflow.relay(bench.now); part.length > 0; part = await bench.workflow.relay(bench.now)) all.push(...part);
    return all;
  };

  describe('numbered changes', () => {
    it('each commit gets the next numbers, and the thing carries the latest of its own', async () => {
      const bench = use.bench();
      await relayAll(bench);
      const start = await bench.workflow.lastChangeSeq();
      const [alert] = await bench.apply(makeFinding({ severity: 'high' }));
      const first = await relayAll(bench);
      expect(first.map(({ seq, kind, change }) => [seq - start, kind, change])).toEqual([[1, 'alert', 'created'], [2, 'incident', 'created']]);
      await bench.act(alert!.id, { kind: 'acknowledge' });
      await bench.act(alert!.id, { kind: 'note', text: 'n' });
      const second = await relayAll(bench);
      expect(second.map(({ seq, kind, change }) => [seq - start, kind, change])).toEqual([[3, 'alert', 'updated'], [4, 'alert', 'updated']]);
      expect(await bench.alerts()).toMatchObject([{ seq: start + 4, version: 3 }]);
      expect(second.at(-1)).toMatchObject({ alert: { seq: start + 4, version: 3, notes: [{ text: 'n' }] } });
      expect(await relayAll(bench)).toEqual([]);
      expect(await bench.workflow.lastChangeSeq()).toBe(start + 4);
      // A number given to the row is no change of it: the version that people hold stays valid.
      expect(await bench.act(alert!.id, { kind: 'acknowledge' }, 3).catch((error: { code: string }) => error.code)).toBe('illegal_transition');
    });

    it('a reader who resumes from any number gets exactly what came after it, of its own tenant', async () => {
      const bench = use.bench();
      const other = use.bench();
      const heard: LiveChange[] = [];
      for (let index = 0; index < 6; index += 1) {
        await bench.apply(makeFinding({ id: `f${index}`, reason: `r${index % 3}`, severity: index % 2 === 0 ? 'high' : 'low' }));
        await other.apply(makeFinding({ id: `f${index}`, reason: `r${index}` }));
        heard.push(...(await relayAll(bench)).filter((change) => (change.kind === 'alert' ? change.alert.tenant : change.incident.tenant) === bench.tenant));
      }
      const says = ({ seq, kind, change }: LiveChange) => [seq, kind, change];
      for (const { seq } of heard) expect((await bench.workflow.changesAfter(bench.tenant, seq, 1_000)).map(says)).toEqual(heard.filter((change) => change.seq > seq).map(says));
      expect(await bench.workflow.changesAfter(bench.tenant, heard[0]!.seq - 1, 2)).toMatchObject(heard.slice(0, 2).map(({ seq }) => ({ seq })));
      const { first, last, changes } = await use.subject.store.everyChangeAfter(heard[0]!.seq - 1, 10_000);
      expect(changes.map(({ seq }) => seq)).toEqual(Array.from({ length: last - first! + 1 }, (_, index) => first! + index));
      expect([first, last]).toEqual([heard[0]!.seq, await bench.workflow.lastChangeSeq()]);
      expect(changes.filter(({ seq }) => heard.some((change) => change.seq === seq)).map(says)).toEqual(heard.map(says));
      expect(await use.subject.store.everyChangeAfter(last, 10)).toEqual({ first: null, last, changes: [] });
      const alertIds = new Set((await other.alerts()).map(({ id }) => id));
      for (const change of heard) if (change.kind === 'alert') expect(alertIds.has(change.alert.id)).toBe(false);
      const oldest = await bench.workflow.oldestChangeSeq();
      expect(oldest).toBeGreaterThan(0);
      expect(oldest).toBeLessThanOrEqual(heard[0]!.seq);
    });

    it('many at once: numbers go up by one over all of them, whoever relays', async () => {
      const bench = use.bench();
      await relayAll(bench);
      const start = await bench.workflow.lastChangeSeq();
      const heard = (await Promise.all(Array.from({ length: 12 }, async (_, index) => {
        await bench.workflow.applyFindings([{ ...makeFinding({ id: `f${index}`, reason: `r${index}`, severity: 'low' }), tenant: bench.tenant }], bench.now);
        return bench.workflow.relay(bench.now);
      }))).flat();
      heard.push(...await relayAll(bench));
      expect(heard.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, index) => start + 1 + index));
    });
  });

  describe('at the same time', () => {
    it('two that apply the same findings, a relay and a person: every alert once, one incident, nothing lost', async () => {
      const bench = use.bench();
      const findings = Array.from({ length: 24 }, (_, index) => ({ ...makeFinding({ id: `f${index}`, reason: `r${index % 8}`, severity: 'high' }), tenant: bench.tenant }));
      const parts = [findings.slice(0, 8), findings.slice(8, 16), findings.slice(16), findings, [...findings].reverse()];
      await bench.workflow.applyFindings(findings.slice(0, 2), bench.now);
      const ids = (await bench.alerts()).map(({ id }) => id);
      await Promise.all([
        ...parts.map((part) => bench.workflow.applyFindings(part, bench.now)),
        ...Array.from({ length: 4 }, () => bench.workflow.relay(bench.now)),
        ...Array.from({ length: 6 }, (_, index) => bench.act(ids[index % 2]!, { kind: 'note', text: `n${index}` })),
      ]);
      const alerts = await bench.alerts();
      expect(alerts).toHaveLength(8);
      expect(alerts.map(({ findingCount }) => findingCount)).toEqual(Array.from({ length: 8 }, () => 3));
      expect(alerts.flatMap(({ notes }) => notes)).toHaveLength(6);
      expect(await bench.incidents()).toMatchObject([{ alertIds: expect.objectContaining({ length: 8 }) }]);
      for (const { id, version } of alerts) expect(await bench.audit(`alert:${id}`)).toHaveLength(version);
      await relayAll(bench);
      const changes = await bench.changes();
      expect(new Set(changes.map(({ seq }) => seq)).size).toBe(changes.length);
      for (const alert of await bench.alerts()) expect(alert.seq).toBe(Math.max(...changes.filter(({ target }) => target === alert.id).map(({ seq }) => seq!)));
    });
  });

  describe('all or nothing', () => {
    const look = async (bench: TenantBench) => ({ alerts: await bench.alerts(), incidents: await bench.incidents(), audit: await bench.audit(), outbox: await bench.outbox(), changes: await bench.changes(), suppressions: await bench.workflow.listSuppressions(bench.tenant) });

    it.each(['alerts', 'applied_findings', 'incidents', 'incident_entries', 'audit', 'outbox', 'changes', 'counters'])('when %s cannot be written, nothing of the change is there, and the same again succeeds', async (table) => {
      const bench = use.bench();
      const [standing] = await bench.apply(makeFinding({ id: 'f0', severity: 'medium' }));
      const before = await look(bench);
      const { subject } = use;
      await subject.sql(`create or replace function refuse() returns trigger language plpgsql as $$ begin raise exception 'refused' using errcode = 'XX000'; end $$`);
      await subject.sql(`create trigger refuse before insert or update on ${table} for each row execute function refuse()`);
      const batch = [makeFinding({ id: 'f0', revision: 1, strength: 9 }), makeFinding({ id: 'f1', reason: 'canary', severity: 'critical' })];
      try {
        await expect(bench.apply(...batch)).rejects.toThrow('refused');
        if (table !== 'applied_findings' && table !== 'counters' && !table.startsWith('incident')) await expect(bench.act(standing!.id, { kind: 'acknowledge' })).rejects.toThrow('refused');
      } finally {
        await subject.sql(`drop trigger refuse on ${table}`);
      }
      expect(await look(bench)).toEqual(before);
      await bench.apply(...batch);
      const after = await look(bench);
      expect(after.alerts).toHaveLength(2);
      expect(after.incidents).toMatchObject([{ number: 1 }]);
      expect(after.audit).toHaveLength(before.audit.length + 3);
      expect(after.outbox).toHaveLength(before.outbox.length + 3);
      expect(after.changes).toHaveLength(before.changes.length + 3);
    });

    it('a disk that is full or a server that goes away is store_unavailable, anything else is what it was', async () => {
      const bench = use.bench();
      for (const [code, expected] of [['53100', 'store_unavailable'], ['57P01', 'store_unavailable'], ['08006', 'store_unavailable'], ['40001', 'store_unavailable'], ['23505', '23505']] as const) {
        await use.subject.sql(`create or replace function refuse() returns trigger language plpgsql as $$ begin raise exception 'refused' using errcode = '${code}'; end $$`);
        await use.subject.sql('create trigger refuse before insert on alerts for each row execute function refuse()');
        try {
          await expect(bench.apply(makeFinding())).rejects.toMatchObject({ code: expected });
        } finally {
          await use.subject.sql('drop trigger refuse on alerts');
        }
      }
    });
  });
}
