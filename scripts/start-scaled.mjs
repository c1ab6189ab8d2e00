// `npm run start:scaled`: every app as a process of its own, against the servers that the environment names. What dies is started again.
// WARY_SCALED_DETECT processes detect (1), WARY_SCALED_STORE store, WARY_SCALED_INGEST ingest, WARY_SCALED_API serve.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readServiceConfig, OPS_PORTS } from '@wary/app-wary/services/run-service.js';
import { ConfigError } from '@wary/platform/config/read-config.js';
import { root } from './workspaces.mjs';

const RESTART_MS = { first: 500, most: 10_000 };
/** A process that lived so long starts again at once. */
const HEALTHY_MS = 30_000;
const READY_POLL_MS = 250;
/** Ports of the second process of a kind and up. */
const PORT_STEP = 1;

const counts = { api: 'WARY_SCALED_API', ingest: 'WARY_SCALED_INGEST', store: 'WARY_SCALED_STORE', detect: 'WARY_SCALED_DETECT', respond: 'WARY_SCALED_RESPOND' };
const problems = [];
const countOf = (name) => {
  const text = process.env[counts[name]] ?? '1';
  if (!/^[1-9]\d?$/.test(text)) problems.push(`${counts[name]}: must be from 1 to 99`);
  return Number(text);
};
// `WARY_SCALED_…` are this script's own: the services would refuse what they do not know.
const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('WARY_SCALED_') && name !== 'WARY_OPS_PORT'));
let config;
try {
  config = readServiceConfig('api', inherited);
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  problems.push(...error.lines);
}
const plan = Object.keys(OPS_PORTS).flatMap((name) => Array.from({ length: countOf(name) }, (_, index) => ({ name, index })));
if (problems.length > 0) {
  for (const problem of problems) console.error(`wary: ${problem}`);
  console.error('wary: `npm run services` starts servers for development and prints these variables');
  process.exit(78);
}

const { env } = config;
const host = env.WARY_HOST;
let stopping = false;
const children = plan.map(({ name, index }) => {
  const opsPort = OPS_PORTS[name] + index * PORT_STEP;
  const port = name === 'api' ? env.WARY_PORT + index * 10 : name === 'ingest' ? env.WARY_INGEST_PORT + index * 10 : null;
  return {
    name, opsPort: name === 'api' || name === 'ingest' ? OPS_PORTS[name] + index * 10 : opsPort, port, restarts: 0, process: null,
    env: { ...inherited, ...(port === null ? {} : { [name === 'api' ? 'WARY_PORT' : 'WARY_INGEST_PORT']: String(port) }) },
  };
});
for (const child of children) child.env.WARY_OPS_PORT = String(child.opsPort);

const say = (line) => { console.error(line); };
function start(child) {
  const started = Date.now();
  const running = spawn(process.execPath, [...process.execArgv, '--max-semi-space-size=64', join(root, `apps/${child.name}/dist/main.js`)], { cwd: root, env: child.env, stdio: ['ignore', 'inherit', 'inherit'] });
  child.process = running;
  running.once('exit', async (code, signal) => {
    child.process = null;
    if (stopping) return;
    // A wrong configuration does not get better by itself.
    if (code === 78) { say(`${child.name} has a wrong configuration`); await stop(78); return; }
    child.restarts = Date.now() - started > HEALTHY_MS ? 0 : child.restarts + 1;
    const delayMs = child.restarts === 0 ? 0 : Math.min(RESTART_MS.most, RESTART_MS.first * 2 ** (child.restarts - 1));
    say(`${child.name} (ops port ${child.opsPort}) ended with ${signal ?? code}; it starts again${delayMs > 0 ? ` in ${delayMs} ms` : ''}`);
    await sleep(delayMs);
    if (!stopping) start(child);
  });
}

let stopped = null;
function stop(status) {
  stopping = true;
  return (stopped ??= (async () => {
    const codes = await Promise.all(children.map(({ process: running }) => (running === null || running.exitCode !== null ? 0 : new Promise((resolve) => {
      running.once('exit', (code) => { resolve(code ?? 1); });
      running.kill('SIGTERM');
    }))));
    process.exit(status !== 0 ? status : codes.every((code) => code === 0) ? 0 : 1);
  })());
}
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => { void stop(0); });

// The first one migrates and makes the first administrator; the others find it done.
for (const child of children) start(child);
const isReady = async ({ opsPort }) => {
  try {
    return (await fetch(`http://${host}:${opsPort}/readyz`)).ok;
  } catch {
    return false;
  }
};
for (const child of children) while (!stopping && !(await isReady(child))) await sleep(READY_POLL_MS);
if (!stopping) {
  say('');
  for (const { name, port, opsPort } of children) say(`  ${name.padEnd(8)} ${port === null ? '' : `http://${host}:${port}  `}health and metrics http://${host}:${opsPort}`);
  say('\nWary is ready. Events go to the ingest service (POST /v1/events, OTLP at /v1/traces and /v1/logs), people to the api service.');
}
