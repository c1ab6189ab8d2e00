import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SqlMatcher } from '@wary/app-cli/rules/match-by-sql.js';
import { readRuleFolders, routerFor } from '@wary/app-cli/rules/rule-files.js';
import type { EventRecord } from '@wary/rules/events/field-values.js';
import type { SigmaRule } from '@wary/rules/language/rule-model.js';
import { RuleEngine } from '@wary/rules/rule-engine.js';
import { readEventText } from '@wary/rules/rule-tests.js';
import { describe, expect, it, vi } from 'vitest';
import { LANE_PIPELINES, LANES, laneLines } from '../../bench/support/sigma-lanes.js';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';

vi.setConfig({ testTimeout: 600_000 });
const DATA = join(process.env['WARY_TEST_DATA'] ?? '', 'sigma');
const hasData = process.env['WARY_TEST_DATA'] !== undefined && existsSync(DATA);
/** Of each synthetic lane: every event is as good as another, and planning costs more than looking. */
const LANE_EVENTS = 500;

const regressionEvents = (): EventRecord[] => readdirSync(join(DATA, 'regression_data'), { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile() && entry.name.endsWith('.json')).flatMap((entry) => readEventText(readFileSync(join(entry.parentPath ?? entry.path, entry.name), 'utf8')));

/** Rules on which SQL and the stream differ, with the first event of each. */
async function differences(rules: readonly SigmaRule[], pipeline: string, events: readonly EventRecord[]): Promise<{ readonly pairs: number; readonly matches: number; readonly differences: string[] }> {
  const router = routerFor(pipeline);
  const engine = new RuleEngine(rules, router);
  const sql = await SqlMatcher.open(rules, router, () => false);
  try {
    events.forEach((event, number) => sql.add({ event, text: JSON.stringify(event), number }));
    const found = new Map((await sql.flush(() => {}, new AbortController().signal)).map(({ number, rules: held }) => [number, held]));
    let matches = 0;
    const wrong: string[] = [];
    events.forEach((event, number) => {
      const expected = engine.match(event, JSON.stringify(event)).map(({ id }) => id);
      const got = (found.get(number) ?? []).map(({ id }) => id);
      matches += expected.length;
      if (JSON.stringify(expected) !== JSON.stringify(got)) wrong.push(`event ${number}: stream ${expected.filter((id) => !got.includes(id)).join(' ')} sql ${got.filter((id) => !expected.includes(id)).join(' ')}`);
    });
    return { pairs: rules.length * events.length, matches, differences: wrong };
  } finally {
    await sql.close();
  }
}

describe.skipIf(!hasData)('every public Sigma rule in SQL (skipped unless WARY_TEST_DATA names a folder with sigma/)', () => {
  const rules = hasData ? readRuleFolders(['rules', 'rules-emerging-threats', 'rules-threat-hunting'].map((name) => join(DATA, name))).set.rules : [];

  it.each(['auto', 'none'])('matches the regression events as the stream does, pipeline %s', async (pipeline) => {
    const events = regressionEvents();
    expect(events.length).toBeGreaterThan(100);
    const { matches, differences: wrong } = await differences(rules, pipeline, events);
    expect(wrong).toEqual([]);
    expect(matches).toBeGreaterThan(100);
  });

  it.each(LANES)('matches the %s lane as the stream does, routed and on every rule', async (lane) => {
    const folder = mkdtempSync(join(tmpdir(), 'wary-lane-'));
    try {
      const file = join(folder, 'pipeline.yml');
      writeFileSync(file, LANE_PIPELINES[lane]);
      const events = laneLines(lane, LANE_EVENTS).map((line) => JSON.parse(line) as EventRecord);
      for (const pipeline of ['none', LANE_PIPELINES[lane].includes('\n') ? file : LANE_PIPELINES[lane]]) expect((await differences(rules, pipeline, events)).differences).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
