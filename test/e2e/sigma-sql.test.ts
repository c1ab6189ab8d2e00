import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecordTable, type RecordTable } from '@wary/adapter-clickhouse/records/record-table.js';
import { evaluateExpr } from '@wary/rules/evaluate/evaluate-expr.js';
import { parseExactJson, stringifyExactJson } from '@wary/rules/events/exact-json.js';
import type { EventRecord } from '@wary/rules/events/field-values.js';
import type { Expr, Test } from '@wary/rules/language/expr.js';
import type { SigmaRule } from '@wary/rules/language/rule-model.js';
import { foldCase } from '@wary/rules/language/fold-case.js';
import { foldSql } from '@wary/rules/sql/field-columns.js';
import { scanLane } from '@wary/rules/sql/scan-lane.js';
import { showSql } from '@wary/rules/sql/show-sql.js';
import { jsonSource } from '@wary/rules/sql/sql-source.js';
import { events, exprs, hostile } from '@wary/rules/testing/generate.js';
import { load, ruleOf } from '@wary/rules/testing/judge.js';
import { shrinkPair } from '@wary/rules/testing/shrink.js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

// A real engine on a machine that others use too.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });
const folder = mkdtempSync(join(tmpdir(), 'wary-sigma-sql-'));
let table: RecordTable;
beforeAll(async () => {
  table = await openRecordTable({ dataDir: folder });
});
afterAll(async () => {
  await table.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Of each text the numbers of the conditions that hold, through SQL. */
async function searched(conditions: readonly Expr[], texts: readonly string[]): Promise<number[][]> {
  await table.clear();
  await table.insert(texts.map((record, number) => ({ number, lane: 0, record, whole: '' })));
  const rules = conditions.map((condition, index) => ({ condition, index }) as unknown as SigmaRule & { readonly index: number });
  const found = new Map((await scanLane({ rules, conditions }, jsonSource({ from: table.name, column: 'record', keys: ['number'] }), table)).map(({ keys: [number], rules: held }) => [Number(number), held.map((rule) => (rule as SigmaRule & { readonly index: number }).index)]));
  return texts.map((_, number) => found.get(number) ?? []);
}
const plain = (conditions: readonly Expr[], text: string): number[] => {
  const event = parseExactJson(text) as EventRecord;
  return conditions.flatMap((condition, index) => (evaluateExpr(condition, event) ? [index] : []));
};

const show = (value: unknown): string => JSON.stringify(value, (_, each: unknown) => (typeof each === 'bigint' ? `${each}n` : each));

/** Every pair; a difference is made small and named with its seed. */
async function expectParity({ exprs: ofRules, events: ofEvents }: typeof hostile, rules: number, events_: number, seed: number): Promise<number> {
  const conditions = fc.sample(ofRules, { numRuns: rules, seed });
  const texts = fc.sample(ofEvents, { numRuns: events_, seed: seed + 1 }).map(stringifyExactJson);
  const found = await searched(conditions, texts);
  let matches = 0;
  for (const [number, text] of texts.entries()) {
    const expected = plain(conditions, text);
    matches += expected.length;
    const other = conditions.findIndex((_, index) => expected.includes(index) !== found[number]!.includes(index));
    if (other < 0) continue;
    const small = await shrinkPair(conditions[other]!, parseExactJson(text), async (expr, event) => {
      const json = stringifyExactJson(event);
      return (await searched([expr], [json]))[0]!.length !== plain([expr], json).length;
    });
    throw new Error(`seed ${seed}: SQL and the plain evaluator differ on the condition ${show(small.expr)} and the event ${stringifyExactJson(small.event)}`);
  }
  return matches;
}
const verdict = async (detection: string, event: unknown): Promise<boolean> => {
  const { rules: [rule], problems } = load(ruleOf(detection));
  if (rule === undefined) throw new Error(show(problems));
  const json = typeof event === 'string' ? event : stringifyExactJson(event);
  const [held] = await searched([rule.condition], [json]);
  expect(held!.length).toBe(plain([rule.condition], json).length);
  return held!.length === 1;
};
const holds = (item: string, event: unknown): Promise<boolean> => verdict(`selection:\n  ${item}\ncondition: selection`, event);

describe('Sigma rules in SQL', () => {
  it('say of 100,000 generated rules and events what the plain evaluator says', async () => {
    let matches = 0;
    for (const [index, grammar] of [{ exprs, events }, hostile].entries()) matches += await expectParity(grammar, 100, 500, 20_261_201 + index * 10);
    // Neither all nor nothing matches, so that both sides can be wrong.
    expect(matches).toBeGreaterThan(20_000);
    expect(matches).toBeLessThan(80_000);
  }, 120_000);

  it('a difference that is planted is found and made small', async () => {
    const expr: Expr = { op: 'and', of: [{ op: 'test', field: 'a', test: { kind: 'exists' } }, { op: 'not', of: { op: 'test', field: 'b', test: { kind: 'exists' } } }] };
    const small = await shrinkPair(expr, { a: 'xyz', c: [1, 2], d: 5 }, (each, event) => Promise.resolve(JSON.stringify(each).includes('"a"') && Object.hasOwn(event as object, 'a')));
    expect(small).toEqual({ expr: { op: 'test', field: 'a', test: { kind: 'exists' } }, event: { a: 'xyz'.slice(0, 1) } });
  });

  it('nothing in a rule or a name gets out of its quotes', async () => {
    const evil = ["') OR 1 = 1 --", "\\') OR 1 = 1 --", "\\\\' OR '1' = '1", '{evil:String}', "x'; DROP TABLE records; --", '`', '\n-- x', '*/', '\0'];
    for (const text of evil) {
      const test = (kind: 'text' | 'regex'): Test => (kind === 'text' ? { kind: 'text', pattern: [text], cased: false } : { kind: 'regex', source: text.replaceAll(/[^a-z0-9 ]/gi, (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`), flags: {} });
      const conditions: Expr[] = [{ op: 'test', field: 'f', test: test('text') }, { op: 'test', field: text, test: { kind: 'exists' } }, { op: 'test', field: null, test: { kind: 'text', pattern: [0, text, 0], cased: true } }, { op: 'test', field: 'f', test: test('regex') }, { op: 'test', field: `f.${text}`, test: { kind: 'null' } }];
      expect(await searched(conditions, [JSON.stringify({ f: 'other' }), JSON.stringify({ f: text }), JSON.stringify({ [text]: 1 })])).toEqual([[4], [0, 2, 3, 4], [1, 4]]);
    }
  });

  it('integers beyond 2^53 and numbers as texts compare by their digits', async () => {
    expect(await holds('f: 9007199254740993', '{"f":9007199254740993}')).toBe(true);
    expect(await holds('f: 9007199254740993', '{"f":9007199254740992}')).toBe(false);
    expect(await holds('f|gt: 9007199254740992', '{"f":"9007199254740993"}')).toBe(true);
    expect(await holds('f|gt: 9007199254740993', '{"f":9007199254740993}')).toBe(false);
    expect(await holds('f|gte: 18446744073709551616', '{"f":18446744073709551616}')).toBe(true);
    expect(await holds('f|lt: 11.5', { f: ' 11 ' })).toBe(true);
    expect(await holds('f|lt: 11.5', { f: 'eleven' })).toBe(false);
  });

  it('a missing field under "not" is true, and null, empty and absent are told apart', async () => {
    const not = 'a:\n  x: 1\nb:\n  y|contains: z\ncondition: a and not b';
    expect(await verdict(not, { x: 1 })).toBe(true);
    expect(await verdict(not, { x: 1, y: null })).toBe(true);
    for (const [event, isNull, isEmpty, exists] of [[{}, true, false, false], [{ f: null }, true, false, true], [{ f: '' }, false, true, true], [{ f: [] }, false, false, true], [{ f: {} }, false, false, true], [{ f: [null, ''] }, true, true, true]] as const) {
      expect([await holds('f: null', event), await holds("f: ''", event), await holds('f|exists: true', event)]).toEqual([isNull, isEmpty, exists]);
    }
  });

  it('case folds letter by letter as it does on the stream', async () => {
    for (const [pattern, text, expected] of [['İstanbul', 'i̇stanbul', true], ['K', 'k', true], ['k', 'K', true], ['ẞ', 'ß', true], ['ſ', 's', false], ['ΣΑΣ', 'σας', false], ['ΣΑΣ', 'σασ', true]] as const) {
      expect(await holds(`f: '${pattern}'`, { f: text })).toBe(expected);
      expect(await verdict(`selection:\n  - '${pattern}'\ncondition: selection`, { f: `x${text}y` })).toBe(expected);
    }
  });

  it('case folds every code point there is as it does on the stream', async () => {
    await table.clear();
    const chunks: string[] = [];
    for (let start = 0; start < 0x110000; start += 4_096) chunks.push(Array.from({ length: 4_096 }, (_, index) => start + index).filter((code) => code < 0xd800 || code > 0xdfff).map((code) => String.fromCodePoint(code)).join(''));
    await table.insert(chunks.map((record, number) => ({ number, lane: 0, record, whole: '' })));
    const wrong = (await table.rows(`SELECT number, ${foldSql('record')} FROM ${table.name}`)).flatMap(([number, folded]) => (folded === foldCase(chunks[Number(number)]!) ? [] : [number]));
    expect(wrong).toEqual([]);
  });

  // What parity runs found.
  it('a time after midnight on the first Thursday of a year is in its first week', async () => {
    expect(await holds('t|week: 1', { t: '2027-01-07T10:30:00Z' })).toBe(true);
    expect(await holds('t|week|lt: 53', { t: '9999-12-31T23:59:59.999999999Z' })).toBe(true);
  });

  it('a key that begins another one is decided as the path is, also in lists and twice in an object', async () => {
    expect(await holds('a.b: 1', { 'a.b': 2, a: { b: 1 } })).toBe(false);
    expect(await holds('a.b.c: 1', { a: { 'b.c': 1, b: { c: 2 } } })).toBe(true);
    expect(await holds('a.b: 2', { a: [{ b: 1 }, [[{ b: [[2]] }]]] })).toBe(true);
    expect(await holds('f: 2', '{"f":1,"f":2}')).toBe(true);
    expect(await holds('f: 1', '{"f":1,"f":2}')).toBe(false);
    expect(await holds('a.b: 1', '{"a":{"b":1,"b":2}}')).toBe(false);
    expect(await verdict('k:\n  - one\ncondition: k', '{"a":{"f":"one","f":"two"}}')).toBe(false);
  });

  it('an address that is none is false and ends no query', async () => {
    for (const [address, expected] of [['10.1.2.3', true], ['x', false], ['', false], ['010.1.2.3', false], ['::ffff:10.1.2.3', true], ['10.1.2', false]] as const) expect(await holds("f|cidr: '10.0.0.0/8'", { f: address })).toBe(expected);
  });

  it('a rule that is too long for a query is decided all the same', async () => {
    const long: Expr = { op: 'or', of: Array.from({ length: 20_000 }, (_, index): Expr => ({ op: 'test', field: 'f', test: { kind: 'text', pattern: [`value ${index}.exe`], cased: false } })) };
    const wide: Expr = { op: 'and', of: Array.from({ length: 900 }, (_, index): Expr => ({ op: 'not', of: { op: 'test', field: `f${index}`, test: { kind: 'text', pattern: ['x'], cased: false } } })) };
    const odd: Expr = { op: 'test', field: Array.from({ length: 30 }, () => 'a').join('.'), test: { kind: 'exists' } };
    expect(await searched([long, wide, odd, { op: 'test', field: 'f', test: { kind: 'exists' } }], ['{"f":"VALUE 19999.exe"}', '{"f":"other","f5":"x"}', JSON.stringify({ [Array.from({ length: 30 }, () => 'a').join('.')]: 1 })])).toEqual([[0, 1, 3], [3], [1, 2]]);
  });

  it('what is printed for people runs, and says the same', async () => {
    const { rules: [rule] } = load(ruleOf("selection:\n  f|contains: \"it's\"\n  a.b|gt: 5\nfilter:\n  - word\ncondition: selection and not filter", "description: 'a \\n -- b'\n"));
    await table.clear();
    await table.insert([{ f: "IT'S", a: [{ b: '6' }] }, { f: "it's", a: { b: 5 } }, { f: "it's", 'a.b': 7, w: 'a word' }, { f: '\ud800' }].map((each, number) => ({ number, lane: 0, record: JSON.stringify(each), whole: '' })));
    const { sql, outside } = showSql(['a title\n; DROP'], rule!.condition, jsonSource({ from: table.name, column: 'record', keys: ['number'] }));
    expect(outside).toEqual([]);
    expect((await table.rows(sql.replace(/;$/, ''))).map((row) => row.map(Number))).toEqual([[0, 1, 0], [3, 0, 1]]);
    expect(showSql([], { op: 'test', field: 'f', test: { kind: 'regex', source: '\\p{Greek}', flags: {} } }, jsonSource({ from: 't', column: 'c', keys: [] })).outside).toMatchObject([{ code: 'sql-regex-unicode' }]);
  });
});
