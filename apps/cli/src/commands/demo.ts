import { Worker } from 'node:worker_threads';
import { CAPABILITIES } from '@wary/model/catalogue/capabilities.js';
import { Command, InvalidArgumentError } from 'commander';
import { openDemoState } from '../demo/demo-state.js';
import type { DemoNews } from '../demo/play-demo.js';
import type { PlayerInput } from '../demo/player-worker.js';
import { createProgress, type Progress } from '../terminal/progress.js';
import { wholeNumber } from '../terminal/options.js';
import { runCommand } from '../terminal/run-command.js';

interface Flags { readonly dataDir?: string; readonly seed: number; readonly days: number; readonly also: readonly string[] }

const STOP_MS_MAX = 5_000;

function scenarios(text: string): string[] {
  const names = text.split(',').map((name) => name.trim()).filter((name) => name !== '');
  const unknown = names.find((name) => !CAPABILITIES.some(({ scenario }) => scenario === name));
  if (unknown !== undefined) throw new InvalidArgumentError(`the catalogue has no scenario "${unknown}".`);
  return names;
}

export const demoCommand = (): Command => new Command('demo')
  .description('Start Wary with a demo organisation in it: 14 days of history, then live traffic with six attacks')
  .option('--data-dir <DIR>', 'folder of the demo (default: WARY_DATA_DIR, ./.wary-demo); the next start goes on with it')
  .option('--seed <N>', 'another number, another organisation', wholeNumber(0, 2_147_483_647), 42)
  .option('--days <N>', 'days of history', wholeNumber(1, 120), 14)
  .option('--also <NAMES>', `play these of the catalogue beside the six attacks, separated by commas: ${CAPABILITIES.map(({ scenario }) => scenario).join(', ')}`, scenarios, [])
  .action(runCommand(demo));

async function demo(flags: Flags): Promise<void> {
  const set = process.env;
  const dir = flags.dataDir ?? (set['WARY_DATA_DIR'] || './.wary-demo');
  const state = openDemoState(dir, { seed: flags.seed, days: flags.days, now: Date.now(), email: set['WARY_ADMIN_EMAIL'] || undefined, password: set['WARY_ADMIN_PASSWORD'] || undefined, ingestKey: set['WARY_INGEST_KEY'] || undefined });
  const env = { WARY_LOG_LEVEL: 'warn', ...set, WARY_DATA_DIR: dir, WARY_ADMIN_EMAIL: state.adminEmail, WARY_ADMIN_PASSWORD: state.adminPassword, WARY_INGEST_KEY: state.ingestKey };
  let player: Worker | undefined;
  const { runWary } = await import('@wary/app-wary/run-wary.js');
  await runWary({
    env,
    onReady: ({ url }) => {
      say(`\n  Wary is ready:  ${url}\n  Sign in:        ${state.adminEmail}  ${state.adminPassword}\n`);
      player = startPlayer({ url, dir, state, also: flags.also }, url);
    },
    onStop: async () => {
      if (player === undefined) return;
      const ended = new Promise<void>((resolve) => player!.once('exit', () => resolve()));
      player.postMessage('stop');
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, STOP_MS_MAX).unref())]);
    },
  });
}

function startPlayer(input: PlayerInput, url: string): Worker {
  const worker = new Worker(new URL('../demo/player-worker.js', import.meta.url), { workerData: input });
  let progress: Progress | undefined;
  worker.on('message', (news: DemoNews | { kind: 'failed'; message: string }) => {
    if (news.kind === 'history') {
      progress ??= createProgress('  history', news.of, (ms) => `${(ms / 86_400_000).toFixed(1)} days`);
      progress.update(news.done, `${news.events.toLocaleString('en')} events`);
    } else {
      progress?.stop();
      progress = undefined;
      say(wordsOf(news, url));
    }
  });
  worker.on('error', (error) => process.stderr.write(`wary: the demo's player failed: ${error.message}\n`));
  return worker;
}

const WATCH: { readonly [kind: string]: string } = {
  agent_exfiltration: 'an agent reads secrets and posts them to an unknown host', personal_data_paste: 'personal data pasted in bulk into a prompt', leaver_night_downloads: 'a leaver downloads at night',
  stolen_key: 'a key used from an unknown network', prompt_injection_campaign: 'one prompt attack after the other', model_extraction: 'a scoring model questioned systematically',
};

function wordsOf(news: Exclude<DemoNews, { kind: 'history' }> | { kind: 'failed'; message: string }, url: string): string {
  switch (news.kind) {
    case 'history_done': return `  ${news.events.toLocaleString('en')} events of ordinary days in ${news.seconds.toFixed(0)} s: a quarter-end batch, an evaluation run, a traveller and a newcomer are among them.\n`;
    case 'live': return `  Live${news.speed > 1.05 ? `, ${news.speed.toFixed(0)} times as fast until it has caught up` : ''}. In it, by the time they begin:\n${news.scenarios.map(({ kind, entity, inSeconds }) => `    ${`${Math.floor(inSeconds / 60)}:${String(inSeconds % 60).padStart(2, '0')}`.padStart(5)}  ${WATCH[kind] ?? kind}  (${entity})`).join('\n')}\n\n  Look at:  ${url}/alerts     the queue, filling without a reload\n            ${url}/incidents  what belongs together, to acknowledge and work on\n  Stop with Ctrl+C; the next start goes on from here.\n`;
    case 'first_alert': return `  First live alert after ${news.seconds} s: ${news.title}\n            ${url}/alerts/${news.id}\n`;
    case 'caught_up': return '  Caught up with the clock; in half an hour another round of attacks begins, by others.\n';
    case 'failed': return `  The player stopped: ${news.message}\n`;
  }
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
