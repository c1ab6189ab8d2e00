import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readNativeBody, type ReadBody } from '@wary/ingest/native-body.js';
import { readOtlpLogs, readOtlpTraces } from '@wary/ingest/otlp.js';
import { readTextBody } from '@wary/ingest/text-body.js';
import { emptyEvent, emptyGenAi, EVENT_FLAG, type Event } from '@wary/model/event.js';
import { SUPPORTED_SOURCES, type SourceName } from '@wary/model/sources.js';
import { describe, expect, it } from 'vitest';
import { MAPPERS } from './mapper-table.js';
import { normalizeRecord, recordFormat } from './normalize-record.js';

/**
 * Golden events: `fixtures/<source>/<case>.input` in the source's documented format, `<case>.expected.json` what becomes of each record,
 * without the fields that are at their neutral value. `npx vitest run libs/normalize -u` writes them anew: read the difference.
 */
const FIXTURES = fileURLToPath(new URL('../fixtures/', import.meta.url));
const RECEIVED_AT = Date.UTC(2026, 10, 22, 5, 0, 0);
const CONTEXT = { tenant: 'acme', receivedAt: RECEIVED_AT };

function read(source: SourceName, name: string): ReadBody {
  const body = readFileSync(join(FIXTURES, source, `${name}.input`));
  if (source === 'otlp') return (name.startsWith('logs') ? readOtlpLogs : readOtlpTraces)(body, 'application/json', CONTEXT);
  return recordFormat(source) === 'text' ? readTextBody(body, { ...CONTEXT, source, file: 'fixture', offset: 0 }) : readNativeBody(body, 'application/json', { ...CONTEXT, source });
}

function brief(value: object, neutral: object): object {
  const out: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    const other = (neutral as Record<string, unknown>)[key];
    if (JSON.stringify(inner) === JSON.stringify(other)) continue;
    out[key] = ['actor', 'client', 'resource'].includes(key) ? brief(inner as object, other as object) : key === 'genAi' ? brief(inner as object, emptyGenAi()) : inner;
  }
  return out;
}
function describeEvent(event: Event): object {
  const { time, flags, raw, ...rest } = event;
  const names = Object.entries(EVENT_FLAG).filter(([, bit]) => (flags & bit) !== 0).map(([name]) => name);
  const shown = brief(rest, { ...emptyEvent(event.source), tenant: 'acme', receivedAt: RECEIVED_AT, source: event.source }) as { id?: string };
  return { id: shown.id, time: new Date(time).toISOString(), ...(names.length > 0 ? { flags: names } : {}), ...shown, ...(raw === '' || recordFormat(event.source) !== 'otlp' ? {} : { raw: JSON.parse(raw) as unknown }) };
}

function outcomeOf(source: SourceName, name: string): unknown[] {
  const { records, rejected } = read(source, name);
  const results = records.map((record) => {
    const step = normalizeRecord(record, { retentionDays: 400 });
    if (step.kind === 'ok') {
      // Text and JSON sources keep the record beside the row as it came.
      if (recordFormat(source) !== 'otlp') expect(step.value.raw).toBe(source === 'native' ? '' : record.text);
      return { line: record.line, event: describeEvent(step.value) };
    }
    return { line: record.line, ...step };
  });
  return [...results, ...rejected.map((rejection) => ({ ...rejection, kind: 'rejected' }))].sort((a, b) => a.line - b.line);
}

describe.each(SUPPORTED_SOURCES)('%s', (source) => {
  const names = readdirSync(join(FIXTURES, source)).filter((file) => file.endsWith('.input')).map((file) => file.slice(0, -'.input'.length)).sort();
  it('has fixtures, and a list of what it could not place', () => {
    expect(names.length).toBeGreaterThan(0);
    expect(MAPPERS.get(source)!.unplaced.length).toBeGreaterThan(source === 'native' ? -1 : 0);
  });
  it.each(names)('%s', async (name) => {
    const expected = join(FIXTURES, source, `${name}.expected.json`);
    if (process.env['CI'] !== undefined) expect(existsSync(expected)).toBe(true);
    const results = outcomeOf(source, name);
    expect(results.length).toBeGreaterThan(0);
    await expect(`${JSON.stringify(results, null, 2)}\n`).toMatchFileSnapshot(expected);
  });
});
