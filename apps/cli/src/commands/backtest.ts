import { setTimeout as sleep } from 'node:timers/promises';
import type { Backtest, BacktestAlert, BacktestResult, Recall, VariantOutcome } from '@wary/model/backtest.js';
import { Command, InvalidArgumentError } from 'commander';
import { apiClient, withApiOptions, type ApiFlags } from '../client/api-options.js';
import type { ApiClient } from '../client/api-client.js';
import { CliError } from '../terminal/cli-error.js';
import { decimal, wholeNumber } from '../terminal/options.js';
import { createProgress } from '../terminal/progress.js';
import { runCommand } from '../terminal/run-command.js';

interface Threshold { readonly name: string; readonly value: number | null }
interface Flags extends ApiFlags {
  readonly days: number; readonly detector?: string; readonly on?: boolean; readonly off?: boolean; readonly weight?: number; readonly threshold?: readonly Threshold[];
  readonly budget?: number; readonly inject?: boolean; readonly json?: boolean;
}

const POLL_MS = 500;
/** A restart in between ends a backtest, so there is no point in waiting long. */
const PATIENCE_MS = 30_000;
const SHOWN_MAX = 20;

export const backtestCommand = (): Command => withApiOptions(new Command('backtest')
  .description('Try changed detector settings on the stored events of the last days: the alerts they would have raised, and the difference')
  .option('--days <N>', 'the period; what is stored before it warms the detectors up', wholeNumber(1, 90), 14)
  .option('--detector <ID>', 'the detector to change').option('--on', 'switch it on').option('--off', 'switch it off').option('--weight <W>', 'its weight', decimal(0, 10))
  .option('--threshold <NAME=VALUE>', 'a threshold of it, "NAME=default" for its default; again for each', threshold)
  .option('--budget <B>', 'false alarms a day, in place of the present budget', decimal(0.01, 1_000))
  .option('--inject', "also measure recall on the simulator's attacks, put into a copy of the stream").option('--json', 'print the backtest as JSON'))
  .action(runCommand(backtest));

function threshold(text: string, before: readonly Threshold[] = []): readonly Threshold[] {
  const [, name, value] = /^([A-Za-z]\w*)=(.+)$/.exec(text) ?? [];
  if (name === undefined || value === undefined || (value !== 'default' && !Number.isFinite(Number(value)))) throw new InvalidArgumentError('NAME=VALUE is needed, the value a number or "default".');
  return [...before, { name, value: value === 'default' ? null : Number(value) }];
}

async function backtest(flags: Flags): Promise<void> {
  const body = requestOf(flags);
  const client = apiClient(flags);
  const started = await client.json<Backtest>({ method: 'POST', path: '/v1/backtests', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  const ended = await follow(client, started);
  if (flags.json === true) process.stdout.write(`${JSON.stringify(ended)}\n`);
  if (ended.state === 'failed') throw new CliError(`the backtest failed: ${ended.error ?? 'unknown'}`);
  if (ended.state !== 'done' || ended.result === null) throw new CliError('the backtest was cancelled');
  if (flags.json !== true) process.stdout.write(report(ended, ended.result));
}

function requestOf({ days, detector, on, off, weight, threshold: thresholds = [], budget, inject }: Flags): object {
  if (on === true && off === true) throw new CliError('--on and --off contradict each other');
  const change = {
    ...(on === true || off === true ? { enabled: on === true } : {}), ...(weight === undefined ? {} : { weight }),
    ...(thresholds.length === 0 ? {} : { thresholds: Object.fromEntries(thresholds.map(({ name, value }) => [name, value])) }),
  };
  const changes = Object.keys(change).length > 0;
  if (changes && detector === undefined) throw new CliError('say which detector: --detector ID');
  if (!changes && detector !== undefined) throw new CliError('say what to change of it: --on, --off, --weight or --threshold');
  if (!changes && budget === undefined && inject !== true) throw new CliError('say what to try: a detector with a change, --budget, or --inject for the recall of what is there');
  return { days, detectors: changes ? [{ id: detector, ...change }] : [], budgetPerDay: budget ?? null, inject: inject === true };
}

/** Asks until it has ended. Ctrl-C cancels it. */
async function follow(client: ApiClient, started: Backtest): Promise<Backtest> {
  const path = `/v1/backtests/${encodeURIComponent(started.id)}`;
  let cancelled = false;
  const onInterrupt = (): void => {
    if (cancelled) return;
    cancelled = true;
    client.json({ method: 'DELETE', path }).catch(() => undefined);
  };
  process.on('SIGINT', onInterrupt);
  let progress: ReturnType<typeof createProgress> | null = null;
  try {
    for (;;) {
      const now = await client.json<Backtest>({ path, patienceMs: PATIENCE_MS });
      if (now.eventsTotal > 0) {
        progress ??= createProgress('backtest', now.eventsTotal);
        progress.update(now.eventsRead, 'events');
      }
      if (now.state !== 'running') return now;
      await sleep(POLL_MS);
    }
  } finally {
    progress?.stop();
    process.off('SIGINT', onInterrupt);
  }
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;
const rate = (value: number): string => value.toFixed(value < 10 ? 2 : 1);
const precision = ({ precision: one }: VariantOutcome): string => (one === null ? 'no verdicts to compare with' : `${one.confirmed} of ${one.judged} confirmed, ${percent(one.value)} (${percent(one.low)}–${percent(one.high)})`);
const recall = (one: Recall | null): string => (one === null ? 'none could be injected' : `${one.found} of ${one.injected} attacks, ${percent(one.value)} (${percent(one.low)}–${percent(one.high)})`);
const line = (sign: string, { severity, entity, title, firstSeen, confirmed }: BacktestAlert): string =>
  `  ${sign} ${new Date(firstSeen).toISOString().slice(0, 16)}  ${severity.padEnd(13)}  ${entity.type}:${entity.id}  ${title}${confirmed === null ? '' : confirmed ? '  (confirmed)' : '  (false alarm)'}`;

function report({ truncated, from, to }: Backtest, result: BacktestResult): string {
  const { current, proposed, difference, added, removed, events, beyond } = result;
  const some = (sign: string, alerts: readonly BacktestAlert[], all: number): string[] => [...alerts.slice(0, SHOWN_MAX).map((alert) => line(sign, alert)), ...(all > SHOWN_MAX ? [`    and ${all - SHOWN_MAX} more`] : [])];
  const lines = [
    `${new Date(from).toISOString().slice(0, 10)} to ${new Date(to).toISOString().slice(0, 10)}: ${events.period.toLocaleString('en')} events, warmed up by ${events.warmUp.toLocaleString('en')} before`,
    `as it stands   ${current.alerts} alerts, ${rate(current.alertsPerDay)} a day; ${precision(current)}`,
    `as proposed    ${proposed.alerts} alerts, ${rate(proposed.alertsPerDay)} a day; ${precision(proposed)}`,
    `               ${difference.added} more, ${difference.removed} fewer, ${difference.same} as before`,
    ...some('+', added, difference.added), ...some('-', removed, difference.removed),
  ];
  if (result.recall !== null) lines.push(`injected       as it stands ${recall(result.recall.current)}; as proposed ${recall(result.recall.proposed)}${result.recall.left.length === 0 ? '' : `; left out: ${result.recall.left.join(', ')}`}`);
  if (events.warmUp === 0) lines.push('nothing is stored before the period: what is usual had to be learned in it, and early alerts are missing');
  if (truncated) lines.push('more events are stored than a backtest takes: it began later');
  if (beyond.alerts > 0 || beyond.entities > 0) lines.push(`beyond the limits of a backtest: ${beyond.alerts} alerts only counted, ${beyond.entities} entities compacted`);
  return `${lines.join('\n')}\n`;
}
