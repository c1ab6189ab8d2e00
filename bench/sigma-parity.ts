/** Sigma in three engines over generated rules and events, plain and hostile: the index of the stream, ClickHouse SQL and the plain evaluator must say the same of a million pairs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { openRecordTable } from '@wary/adapter-clickhouse/records/record-table.js';
import { evaluateExpr } from '@wary/rules/evaluate/evaluate-expr.js';
import { parseExactJson, stringifyExactJson } from '@wary/rules/events/exact-json.js';
import type { EventRecord } from '@wary/rules/events/field-values.js';
import type { SigmaRule } from '@wary/rules/language/rule-model.js';
import { IndexedMatcher } from '@wary/rules/match/indexed-matcher.js';
import { scanLane, type ScanCounts } from '@wary/rules/sql/scan-lane.js';
import { jsonSource } from '@wary/rules/sql/sql-source.js';
import { events, exprs, hostile } from '@wary/rules/testing/generate.js';

const COUNT = Number(process.argv[2] ?? 1_000_000);
const SEED = Number(process.argv[3] ?? 1);
const RULES = 100;
const EVENTS = 500;

const folder = mkdtempSync(join(tmpdir(), 'wary-sigma-parity-'));
const table = await openRecordTable({ dataDir: folder });
const counts: ScanCounts = { queries: 0, unreadable: 0, outside: 0 };
const seconds = { index: 0, sql: 0, plain: 0 };
const cpu = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};
let pairs = 0;
let matches = 0;
let rows = 0;
const differences = { index: 0, sql: 0 };
try {
  for (let round = 0; pairs < COUNT; round += 1) {
    const grammar = round % 2 === 0 ? { exprs, events } : hostile;
    const conditions = fc.sample(grammar.exprs, { numRuns: RULES, seed: SEED * 1_000_003 + round });
    const texts = fc.sample(grammar.events, { numRuns: EVENTS, seed: SEED * 7_000_003 + round }).map(stringifyExactJson);
    const read = texts.map((text) => parseExactJson(text) as EventRecord);
    let started = cpu();
    const plain = read.map((event) => conditions.map((condition) => evaluateExpr(condition, event)));
    seconds.plain += cpu() - started;
    started = cpu();
    const matcher = new IndexedMatcher(conditions);
    const indexed = read.map((event) => new Set(matcher.match(event)));
    seconds.index += cpu() - started;
    started = cpu();
    await table.clear();
    await table.insert(texts.map((record, number) => ({ number, lane: 0, record, whole: '' })));
    const rules = conditions.map((_, index) => ({ index }) as unknown as SigmaRule);
    const found = new Map((await scanLane({ rules, conditions }, jsonSource({ from: table.name, column: 'record', keys: ['number'] }), table, { counts })).map(({ keys: [number], rules: held }) => [Number(number), new Set(held.map((rule) => (rule as unknown as { readonly index: number }).index))]));
    seconds.sql += cpu() - started;
    rows += texts.length;
    plain.forEach((verdicts, number) => verdicts.forEach((verdict, index) => {
      pairs += 1;
      if (verdict) matches += 1;
      for (const [engine, says] of [['index', indexed[number]!.has(index)], ['sql', found.get(number)?.has(index) ?? false]] as const) {
        if (says === verdict) continue;
        differences[engine] += 1;
        if (differences[engine] <= 5) console.log(`difference of ${engine}, seed ${SEED}, round ${round}: ${fc.stringify(conditions[index])} ${texts[number]!.slice(0, 1_000)}`);
      }
    }));
  }
} finally {
  await table.close();
  rmSync(folder, { recursive: true, force: true });
}
const say = (value: number): string => value.toLocaleString('en');
console.log(`${say(pairs)} pairs of rule and event, seed ${SEED}, half of them hostile: ${say(matches)} match`);
console.log(`differences from the plain evaluator: index ${differences.index}, SQL ${differences.sql}`);
console.log(`SQL: ${say(counts.queries)} queries; decided outside of it: ${say(counts.unreadable)} of ${say(rows)} events whole, and ${say(counts.outside)} pairs`);
console.log(`processor seconds: plain ${seconds.plain.toFixed(0)}, index ${seconds.index.toFixed(0)}, SQL ${seconds.sql.toFixed(0)}`);
process.exit(differences.index + differences.sql > 0 ? 1 : 0);
