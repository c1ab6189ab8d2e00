import { Buffer } from 'node:buffer';
import type { Finding } from '@wary/model/finding.js';
import type { SourceBatch } from '@wary/ports/event-source.port.js';
import type { MessageSink } from '@wary/ports/message-sink.port.js';
import { makeFinding } from '@wary/testkit/make-finding.js';
import { describe, expect, it } from 'vitest';
import { createFindingIntake } from './finding-intake.js';
import { sendFindings } from './finding-record.js';

async function valuesOf(findings: readonly Finding[], past?: boolean): Promise<Buffer[]> {
  const values: Buffer[] = [];
  await sendFindings({ send: async (_topic: string, messages: ReadonlyArray<{ value: string }>) => { values.push(...messages.map(({ value }) => Buffer.from(value))); } } as unknown as MessageSink, findings, past);
  return values;
}

describe('findings from a topic', () => {
  it('are applied in order; those about what was judged before leave the alerts that are there', async () => {
    const applied: Array<[readonly string[], boolean]> = [];
    const unreadable: string[] = [];
    const intake = createFindingIntake({
      workflow: { applyFindings: async (findings, _now, options) => { applied.push([findings.map(({ id, revision }) => `${id}.${revision}`), options?.keepAlerts === true]); } },
      clock: { now: () => 0 }, onTaken: () => {}, onApplied: () => {}, onUnreadable: (_partition, _message, reason) => { unreadable.push(reason); },
    });
    const values = [
      ...await valuesOf([makeFinding({ id: 'a' }), makeFinding({ id: 'b' })]), ...await valuesOf([makeFinding({ id: 'c' })], true), Buffer.from('{'), ...await valuesOf([makeFinding({ id: 'c', revision: 1 })], false),
    ];
    await intake({ topic: 'findings', partition: 0, messages: values.map((value, offset) => ({ offset, value, key: null, time: 0, headers: {} })) } as unknown as SourceBatch);
    expect(applied).toEqual([[['a.0', 'b.0'], false], [['c.0'], true], [['c.1'], false]]);
    expect(unreadable).toEqual(['it is not JSON']);
  });
});
