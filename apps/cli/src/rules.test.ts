import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildCli, type BuiltCli } from './cli-process.test-data.js';

let cli: BuiltCli;
let dir: string;
const write = (name: string, text: string): string => {
  writeFileSync(join(dir, name), text);
  return join(dir, name);
};
const RULE = `title: Whoami
id: 11111111-1111-4111-8111-111111111111
status: test
level: low
tags: [attack.t1033]
logsource: { product: windows, category: process_creation }
detection:
  selection:
    Image|endswith: '\\whoami.exe'
  filter:
    User: admin
  condition: selection and not filter
tests:
  - name: another user
    event: { Image: 'C:\\Windows\\WHOAMI.EXE' }
  - { name: the administrator, match: false, event: { Image: 'C:\\whoami.exe', User: ADMIN } }
`;
const EVENTS = [
  { Image: 'C:\\whoami.exe', n: 1 },
  null,
  { Event: { System: { EventID: 1, Channel: 'Microsoft-Windows-Sysmon/Operational' }, EventData: { Image: 'D:\\whoami.exe', User: 'bob' } } },
  { Event: { System: { EventID: 4688, Channel: 'Security' }, EventData: { NewProcessName: 'D:\\whoami.exe' } } },
  { Event: { System: { EventID: 11, Channel: 'Microsoft-Windows-Sysmon/Operational' }, EventData: { Image: 'D:\\whoami.exe' } } },
];

beforeAll(async () => {
  cli = await buildCli();
  dir = mkdtempSync(join(tmpdir(), 'wary-rules-'));
  mkdirSync(join(dir, 'rules'));
  write('rules/whoami.yml', RULE);
  write('events.ndjson', EVENTS.map((event) => (event === null ? '' : JSON.stringify(event))).join('\n'));
});
afterAll(() => {
  cli.remove();
  rmSync(dir, { recursive: true });
});
const lines = (text: string): unknown[] => text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as unknown);
const ID = '11111111-1111-4111-8111-111111111111';

describe('wary rules match', () => {
  it('prints one line for each event and rule, by the line of the event from 0, routed by log source', async () => {
    const { status, stdout } = await cli.run(['rules', 'match', '--rules', join(dir, 'rules'), '--events', join(dir, 'events.ndjson')]);
    expect(status).toBe(0);
    expect(lines(stdout)).toEqual([{ event: 0, rule: ID }, { event: 2, rule: ID }, { event: 3, rule: ID }]);
  });

  it('tries every rule on every event without a pipeline, reads standard input and documents over several lines', async () => {
    const { stdout } = await cli.run(['rules', 'match', '--rules', join(dir, 'rules/whoami.yml'), '--events', '-', '--pipeline', 'none'], { input: EVENTS.filter((event) => event !== null).map((event) => JSON.stringify(event, null, 2)).join('\n') });
    expect(lines(stdout)).toEqual([0, 1, 3].map((event) => ({ event, rule: ID })));
    const list = await cli.run(['rules', 'match', '--rules', join(dir, 'rules/whoami.yml'), '--events', '-'], { input: JSON.stringify([EVENTS[0], EVENTS[2]]) });
    expect(lines(list.stdout)).toEqual([{ event: 0, rule: ID }, { event: 1, rule: ID }]);
  });

  it('compares integers beyond 2^53 by all of their digits', async () => {
    const rules = write('big.yml', 'title: big\nid: big\nlogsource: {category: x}\ndetection:\n  s:\n    n: 9007199254740993\n  condition: s\n');
    const { stdout } = await cli.run(['rules', 'match', '--rules', rules, '--events', '-'], { input: '{"n":9007199254740993}\n{"n":9007199254740992}\n{"n":"9007199254740993"}\n' });
    expect(lines(stdout)).toEqual([{ event: 0, rule: 'big' }, { event: 2, rule: 'big' }]);
  });

  it('correlates by the time of the events, late ones too, and then says nothing of the rules it reads', async () => {
    const rules = write('correlation.yml', 'title: base\nname: base\nid: base-id\nlogsource: {category: x}\ndetection:\n  s:\n    action: fail\n  condition: s\n---\ntitle: many\nid: many-id\ncorrelation:\n  type: event_count\n  rules: [base]\n  group-by: [user.name]\n  timespan: 1m\n  condition: { gte: 3 }\n');
    const event = (second: number, name: string): string => JSON.stringify({ '@timestamp': `2026-11-25T00:00:${second}Z`, action: 'fail', user: { name } });
    const input = [event(10, 'x'), event(20, 'y'), event(40, 'x'), event(30, 'x'), JSON.stringify({ action: 'fail', user: { name: 'x' } })].join('\n');
    const { stdout, stderr } = await cli.run(['rules', 'match', '--rules', rules, '--events', '-'], { input });
    expect(lines(stdout)).toEqual([{ event: 2, rule: 'many-id' }]);
    expect(stderr).toMatch(/1 events without a time could not be correlated/);
    const generated = await cli.run(['rules', 'match', '--rules', write('generate.yml', `${readFileSync(rules, 'utf8')}  generate: true\n`), '--events', '-', '--lateness', '0s'], { input });
    expect(lines(generated.stdout).filter((line) => (line as { rule: string }).rule === 'base-id')).toHaveLength(5);
    expect(generated.stderr).toMatch(/1 events came too late/);
  });

  it('names bad lines and bad pipelines, and does what it can', async () => {
    const bad = await cli.run(['rules', 'match', '--rules', join(dir, 'rules'), '--events', '-'], { input: `{"Image":"x\\\\whoami.exe"}\n{oops\n[1]\n{"Image":"y\\\\whoami.exe"}\n` });
    expect(bad.status).toBe(1);
    expect(lines(bad.stdout)).toEqual([{ event: 0, rule: ID }, { event: 3, rule: ID }]);
    expect(bad.stderr).toMatch(/line 2: not valid JSON\nwary: standard input, line 3: an event is a JSON object/);
    const pipeline = await cli.run(['rules', 'match', '--rules', join(dir, 'rules'), '--events', '-', '--pipeline', write('pipe.yml', 'name: x\nroutes:\n  - { when: {}, logsource: 5 }\n')], { input: '{}' });
    expect(pipeline.stderr).toMatch(/pipe\.yml:3:\d+: a log source is a map/);
  });
});

describe('wary rules match --engine sql', () => {
  it('prints what the stream engine prints: nested events, numbers beyond 2^53, documents over several lines, bad lines', async () => {
    const big = write('big.yml', 'title: big\nid: big\nlogsource: {category: x}\ndetection:\n  s:\n    n|gte: 9007199254740993\n  k:\n    - "it\'s"\n  condition: s or k\n');
    const whoami = join(dir, 'rules');
    for (const [rules, input] of [
      [whoami, readFileSync(join(dir, 'events.ndjson'), 'utf8')],
      [whoami, EVENTS.filter((event) => event !== null).map((event) => JSON.stringify(event, null, 2)).join('\n')],
      [big, '{"n":9007199254740993}\n{"n":9007199254740992}\n{"n":"9007199254740993"}\n{"n":1,"x":["it\'s"]}\n{"n":99999999999999999999}\n{"m":"\\ud800","n":18446744073709551616}\n'],
      [big, '{"Event":{"System":{"EventID":1,"Channel":"Microsoft-Windows-Sysmon/Operational"},"EventData":{"n":9007199254740993}}}\n{oops\n[1]\n{"n":9e16}\n'],
    ] as const) {
      const [stream, sql] = [await cli.run(['rules', 'match', '--rules', rules, '--events', '-'], { input }), await cli.run(['rules', 'match', '--rules', rules, '--events', '-', '--engine', 'sql'], { input })];
      expect(sql).toEqual(stream);
      expect(lines(sql.stdout).length).toBeGreaterThan(0);
    }
  }, 120_000);

  it('correlates what SQL finds as the stream does, late events and values too', async () => {
    const rules = write('both.yml', ['title: base\nname: base\nid: base-id\nlogsource: {category: x}\ndetection:\n  s:\n    action|contains: fail\n  condition: s\n', 'title: many\nid: many-id\ncorrelation:\n  type: event_count\n  rules: [base]\n  group-by: [user.name]\n  timespan: 1m\n  condition: { gte: 3 }\n', 'title: hosts\nid: hosts-id\ncorrelation:\n  type: value_count\n  rules: [base]\n  group-by: [user.name]\n  timespan: 5m\n  condition: { field: host, gte: 4 }\n', 'title: few\nid: few-id\ncorrelation:\n  type: event_count\n  rules: [base]\n  group-by: [user.name]\n  timespan: 30s\n  condition: { lte: 1 }\n', 'title: sum\nid: sum-id\ncorrelation:\n  type: value_sum\n  rules: [base]\n  timespan: 2m\n  generate: true\n  condition: { field: bytes, gt: 400 }\n'].join('---\n'));
    const input = Array.from({ length: 300 }, (_, index) => JSON.stringify({ '@timestamp': new Date(Date.UTC(2026, 10, 25) + ((index * 37) % 300) * 4_000).toISOString(), action: index % 3 === 0 ? 'ok' : 'FAILED', user: { name: `u${index % 7}` }, host: [`h${index % 5}`], bytes: index % 2 === 0 ? String(index) : index })).join('\n');
    const [stream, sql] = [await cli.run(['rules', 'match', '--rules', rules, '--events', '-'], { input }), await cli.run(['rules', 'match', '--rules', rules, '--events', '-', '--engine', 'sql'], { input })];
    expect(sql).toEqual(stream);
    expect(new Set(lines(sql.stdout).map((line) => (line as { rule: string }).rule))).toEqual(new Set(['base-id', 'many-id', 'hosts-id', 'few-id', 'sum-id']));
  }, 120_000);
});

describe('wary rules sql', () => {
  it('prints rules over JSON in a column and over the events table, and names those meant for something else', async () => {
    const raw = await cli.run(['rules', 'sql', join(dir, 'rules'), '--pipeline', 'windows', '--table', 'logs.windows', '--column', 'line']);
    expect(raw.status).toBe(0);
    expect(raw.stdout).toMatch(/^-- Whoami \(11111111-[^)]+\), windows: windows process_creation/);
    expect(raw.stdout).toMatch(/FROM logs\.windows/);
    expect(raw.stdout).toMatch(/-- "NewProcessName"/);
    const own = await cli.run(['rules', 'sql', write('own.yml', 'title: own\nid: own\nlogsource: {product: wary, category: inference}\ndetection:\n  s:\n    actor.id: x\n  condition: s\n'), '--over', 'events', '--tenant', "o'x", '--from', '2026-11-01', '--json']);
    expect(JSON.parse(own.stdout)).toMatchObject({ rule: 'own', outside: [], sql: expect.stringContaining("tenant = 'o\\'x'") });
    const wrong = await cli.run(['rules', 'sql', join(dir, 'rules'), '--over', 'events']);
    expect(wrong).toMatchObject({ status: 1, stderr: expect.stringMatching(/sql-not-meant: 11111111-/) });
  });
});

describe('wary rules check', () => {
  it('counts what compiles and says of the rest where, why and what to do', async () => {
    const good = await cli.run(['rules', 'check', join(dir, 'rules')]);
    expect(good).toMatchObject({ status: 0, stdout: expect.stringMatching(/^1 compiled \(1 rules, 0 correlations, 0 filters\), 0 rejected/) });
    const bad = write('bad.yml', RULE.replace('selection and not filter', 'selection | count() > 5'));
    const { status, stdout } = await cli.run(['rules', 'check', bad]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/bad\.yml:12:24: error condition-aggregation: .*correlation rule/);
    const json = await cli.run(['rules', 'check', bad, '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ compiled: 0, rejected: 1, problems: [{ code: 'condition-aggregation', line: 12, column: 24 }] });
  });
});

describe('wary rules test and explain', () => {
  it('runs the tests inside rules and regression data', async () => {
    expect(await cli.run(['rules', 'test', join(dir, 'rules')])).toMatchObject({ status: 0, stdout: '2 of 2 tests passed\n' });
    mkdirSync(join(dir, 'regression'));
    write('regression/info.yml', `rule_metadata:\n  - id: ${ID}\nregression_tests_info:\n  - name: one\n    match_count: 2\n    path: somewhere/sample.evtx\n`);
    write('regression/sample.json', JSON.stringify(EVENTS[2], null, 2));
    const { status, stdout } = await cli.run(['rules', 'test', join(dir, 'regression'), '--rules', join(dir, 'rules')]);
    expect(status).toBe(1);
    expect(stdout).toMatch(/info\.yml: one: matches 1 of 1 events, at least 2 expected\n0 of 1 tests passed/);
  });

  it('says which selection and which value decided', async () => {
    const { stdout } = await cli.run(['rules', 'explain', '--rules', join(dir, 'rules'), '--events', join(dir, 'events.ndjson'), '--event', '3', '--rule', ID, '--json']);
    expect(lines(stdout)).toEqual([{ event: 3, rule: ID, matches: true, isRouted: true, selections: [
      { name: 'selection', holds: true, asked: [{ field: 'NewProcessName', pattern: '*\\whoami.exe', value: 'D:\\whoami.exe', holds: true }] },
      { name: 'filter', holds: false, asked: [{ field: 'User', pattern: 'admin', holds: false }] },
    ] }]);
  });
});
