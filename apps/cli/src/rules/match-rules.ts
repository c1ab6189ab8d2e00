import { stat } from 'node:fs/promises';
import { TIME_FIELDS } from '@wary/rules/events/event-time.js';
import type { SigmaRule } from '@wary/rules/language/rule-model.js';
import { RuleEngine } from '@wary/rules/rule-engine.js';
import { CliError } from '../terminal/cli-error.js';
import { createProgress, formatBytes } from '../terminal/progress.js';
import { createLineWriter } from '../terminal/writer.js';
import { createCorrelation } from './correlate-events.js';
import { readEvents, type ReadEvent } from './read-events.js';
import type { SqlMatcher } from './match-by-sql.js';
import { readRuleFolders, routerFor } from './rule-files.js';

export interface MatchFlags { readonly rules: readonly string[]; readonly events: string; readonly out: string; readonly pipeline: string; readonly placeholders?: string; readonly engine: 'stream' | 'sql'; readonly lateness: number; readonly timeField?: string; readonly json?: boolean }

/** `wary rules match`: one line for each event and rule that match, in the order of the events. */
export async function matchRules(flags: MatchFlags): Promise<void> {
  const started = performance.now();
  const { set } = readRuleFolders(flags.rules, flags.placeholders);
  if (set.rules.length === 0) throw new CliError('no rule could be read; wary rules check says why');
  if (set.rejected > 0) process.stderr.write(`wary: ${set.rejected} of the documents were refused and are not matched; wary rules check says why\n`);
  const router = routerFor(flags.pipeline);
  const engine = new RuleEngine(set.rules, router);
  const total = flags.events === '-' || flags.events.endsWith('.gz') ? 0 : (await stat(flags.events)).size;
  const writer = createLineWriter(flags.out);
  const progress = createProgress('rules match', total, formatBytes);
  const prepared = performance.now();
  let matches = 0;
  let waiting: Promise<void> | undefined;
  const suffixes = new Map<object, string>([...set.rules, ...set.correlations].map((rule) => [rule, `,"rule":${JSON.stringify(rule.id)}}`]));
  const print = (number: number, rule: object): void => {
    matches += 1;
    waiting = writer.line(`{"event":${number}${suffixes.get(rule)!}`) ?? waiting;
  };
  const correlate = set.correlations.length === 0 ? null : createCorrelation(set, engine, { latenessMs: flags.lateness, timeFields: flags.timeField === undefined ? TIME_FIELDS : [flags.timeField] }, print);
  const take = (event: ReadEvent['event'] | null, number: number, rules: readonly SigmaRule[]): void => {
    for (const rule of rules) if (correlate === null || !correlate.isSilent(rule)) print(number, rule);
    if (event !== null) correlate?.observe(event, number, rules);
  };
  const written = (): Promise<void> | undefined => {
    const wait = waiting;
    waiting = undefined;
    return wait;
  };
  const stop = new AbortController();
  let sql: SqlMatcher | null = null;
  try {
    if (flags.engine === 'sql') {
      const { SqlMatcher } = await import('./match-by-sql.js');
      sql = await SqlMatcher.open(set.rules, router, (rule) => correlate?.reads(rule) ?? false);
      process.once('SIGINT', () => stop.abort(new CliError('stopped')));
    }
    const show = (bytes: number, events: number, note = ''): void => progress.update(bytes, `${events.toLocaleString('en')} events, ${matches.toLocaleString('en')} matches${note}`);
    const flush = async (bytes: number, events: number): Promise<void> => {
      const found = await sql!.flush((part) => show(bytes, events, `, searched ${Math.floor(part * 100)} %`), stop.signal);
      for (const { event, number, rules } of found) {
        take(event, number, rules);
        const wait = written();
        if (wait !== undefined) await wait;
      }
    };
    let isFull = false;
    const totals = await readEvents(flags.events, sql === null ? ({ event, text, number }) => {
      const rules = engine.match(event, text);
      if (rules.length > 0) take(event, number, rules);
    } : (event) => {
      if (sql!.add(event)) isFull = true;
    }, ({ bytes, events }) => {
      show(bytes, events);
      stop.signal.throwIfAborted();
      if (!isFull) return written();
      isFull = false;
      return flush(bytes, events);
    });
    if (sql !== null) await flush(totals.bytes, totals.events);
    correlate?.finish();
    await writer.close();
    progress.stop();
    const seconds = (performance.now() - prepared) / 1_000;
    const summary = { rules: set.rules.length, rejected: set.rejected, events: totals.events, refused: totals.badCount, matches, engine: flags.engine, ...(sql === null ? {} : { sql: sql.counts }), ...(correlate === null ? {} : { correlations: { read: set.correlations.length, ...correlate.counts() } }), prepareSeconds: round((prepared - started) / 1_000), seconds: round(seconds), eventsPerSecond: Math.round(totals.events / seconds) };
    if (flags.json === true) process.stderr.write(`${JSON.stringify(summary)}\n`);
    else if (process.stderr.isTTY) process.stderr.write(`${summary.events.toLocaleString('en')} events, ${matches.toLocaleString('en')} matches in ${seconds.toFixed(1)} s (${summary.eventsPerSecond.toLocaleString('en')} events/s)\n`);
    if (totals.badCount > 0) throw new CliError(totals.bad.join('\nwary: ') + (totals.badCount > totals.bad.length ? `\nwary: and ${totals.badCount - totals.bad.length} more lines were refused` : ''));
  } finally {
    progress.stop();
    await sql?.close();
  }
}

const round = (value: number): number => Math.round(value * 1_000) / 1_000;
