import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecordTable, type RecordTable } from '@wary/adapter-clickhouse/records/record-table.js';
import { startHttpEngine, type HttpEngine } from '@wary/adapter-clickhouse/testing/http-engine.js';
import { evaluateExpr } from '@wary/rules/evaluate/evaluate-expr.js';
import { parseExactJson, stringifyExactJson } from '@wary/rules/events/exact-json.js';
import type { EventRecord } from '@wary/rules/events/field-values.js';
import type { SigmaRule } from '@wary/rules/language/rule-model.js';
import { scanLane } from '@wary/rules/sql/scan-lane.js';
import { jsonSource } from '@wary/rules/sql/sql-source.js';
import { hostile } from '@wary/rules/testing/generate.js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
const folder = mkdtempSync(join(tmpdir(), 'wary-sigma-http-'));
let server: HttpEngine;
let table: RecordTable;
beforeAll(async () => {
  server = await startHttpEngine(folder);
  table = await openRecordTable({ dataDir: folder, url: server.url });
});
afterAll(async () => {
  await table.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('Sigma rules in SQL over HTTP', () => {
  it.each(['with tables for what is read once', 'without rights to make tables'])('say what the plain evaluator says, %s', async (how) => {
    const conditions = fc.sample(hostile.exprs, { numRuns: 60, seed: 77 });
    const texts = fc.sample(hostile.events, { numRuns: 150, seed: 78 }).map(stringifyExactJson);
    await table.clear();
    await table.insert(texts.map((record, number) => ({ number, lane: 0, record, whole: '' })));
    const rules = conditions.map((_, index) => ({ index }) as unknown as SigmaRule);
    const runner = how.startsWith('with ') ? table : { rows: table.rows };
    const found = new Map((await scanLane({ rules, conditions }, jsonSource({ from: table.name, column: 'record', keys: ['number'] }), runner)).map(({ keys: [number], rules: held }) => [Number(number), held.map((rule) => (rule as unknown as { readonly index: number }).index)]));
    texts.forEach((text, number) => {
      const event = parseExactJson(text) as EventRecord;
      expect({ text, matched: found.get(number) ?? [] }).toEqual({ text, matched: conditions.flatMap((condition, index) => (evaluateExpr(condition, event) ? [index] : [])) });
    });
  });
});
