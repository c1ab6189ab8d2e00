import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readNativeBody, type ReadBody } from '@wary/ingest/native-body.js';
import { readOtlpLogs, readOtlpTraces } from '@wary/ingest/otlp.js';
import { readTextBody } from '@wary/ingest/text-body.js';
import { emptyEvent, type Event } from '@wary/model/event.js';
import { SUPPORTED_SOURCES, type SourceName } from '@wary/model/sources.js';
import { describe, expect, it } from 'vitest';
import { normalizeRecord, recordFormat } from './normalize-record.js';

const FIXTURES = fileURLToPath(new URL('../fixtures/', import.meta.url));
const CONTEXT = { tenant: 'acme', receivedAt: Date.UTC(2026, 10, 22, 5, 0, 0) };
const RECORDS_PER_SOURCE = 1_300;

/** xorshift32: the same mutations in every run. */
function randomOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function read(source: SourceName, body: Buffer, name: string): ReadBody {
  if (source === 'otlp') return (name.startsWith('logs') ? readOtlpLogs : readOtlpTraces)(body, 'application/json', CONTEXT);
  return recordFormat(source) === 'text' ? readTextBody(body, { ...CONTEXT, source }) : readNativeBody(body, 'application/json', { ...CONTEXT, source });
}

const WRONG: readonly unknown[] = [null, true, -1, 1e308, '', 'x', '\0', '\u202e<script>', 'a'.repeat(3000), [], {}, [null], [['x']], { id: {} }, { type: 'Root' }, { '': '' }, 'constructor', '__proto__', '%s\n', '::1%eth0', '2026-99-99T99:99:99Z', '{"a":', '[{"role":"user","content":"x"}]'];

/** Puts wrong values into a parsed record: what a decoder lets through, a mapper has to bear. */
function poison(value: unknown, random: (below: number) => number): unknown {
  if (random(12) === 0) return structuredClone(WRONG[random(WRONG.length)]);
  if (Array.isArray(value)) return value.map((item) => poison(item, random));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(() => random(15) !== 0).map(([key, inner]) => [key, poison(inner, random)]));
}

function garble(line: string, random: (below: number) => number): string {
  const at = random(line.length + 1);
  const piece = ['"', '\\', ' ', '[', ']', ':', '\\x', ' from ', ' port ', 'COMMAND=', ' ; ', '\u0000', '9'.repeat(40), '-', 'é'][random(15)]!;
  const cut = random(3) === 0 ? random(line.length + 1) : at;
  return line.slice(0, at) + piece + line.slice(cut);
}

function assertWhole(event: Event, neutral: Event): void {
  const keys = Object.keys(neutral) as (keyof Event)[];
  if (Object.keys(event).length !== keys.length) expect.fail('another shape');
  for (const key of keys) {
    const [ours, other] = [event[key], neutral[key]];
    if (typeof other === 'string' && typeof ours !== 'string') expect.fail(`${key} is no string`);
    if (typeof other === 'number' && !Number.isFinite(ours)) expect.fail(`${key} is no number`);
    if (other === null && typeof ours === 'number' && !(ours >= 0 && Number.isFinite(ours))) expect.fail(`${key} is ${ours}`);
  }
  if (!Number.isInteger(event.time) || event.id === '' || event.actor.id === '' || event.action === '') expect.fail('not whole');
  for (const part of ['actor', 'client', 'resource'] as const) for (const [key, value] of Object.entries(event[part])) if (value === undefined) expect.fail(`${part}.${key} is undefined`);
  if (event.actor.id.length > 512 || event.resource.id.length > 512) expect.fail('an id is too long');
  JSON.stringify(event);
}

describe.each(SUPPORTED_SOURCES)('%s', (source) => {
  const records = readdirSync(join(FIXTURES, source)).filter((file) => file.endsWith('.input')).flatMap((name) => read(source, readFileSync(join(FIXTURES, source, name)), name).records);

  it(`${RECORDS_PER_SOURCE} mutations of the fixtures: nothing uncaught, every event whole`, () => {
    const random = randomOf(source.length * 7919 + 1);
    const neutral = emptyEvent(source);
    let events = 0;
    for (let run = 0; run < RECORDS_PER_SOURCE; run += 1) {
      const record = records[random(records.length)]!;
      const value = typeof record.value === 'string' ? garble(record.value, random) : poison(record.value, random);
      try {
        const step = normalizeRecord({ ...record, value, text: typeof value === 'string' ? value : '' }, { retentionDays: 400 });
        if (step.kind !== 'ok') continue;
        events += 1;
        assertWhole(step.value, neutral);
      } catch (error) {
        throw new Error(`uncaught for ${JSON.stringify(value)}`, { cause: error });
      }
    }
    // A fuzzer whose records are all refused, or all taken, tests nothing.
    expect(events).toBeGreaterThan(RECORDS_PER_SOURCE / 20);
    expect(events).toBeLessThan(RECORDS_PER_SOURCE);
    expect(({} as { admin?: unknown }).admin).toBeUndefined();
  });
});
