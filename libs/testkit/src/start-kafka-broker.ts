import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { hash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.js';

export interface KafkaBroker {
  readonly brokers: string;
  readonly process: ChildProcess;
  /** Folder with the broker's jars, for its own command-line tools. */
  readonly jars: string;
  /** SIGKILL; `restart` takes the same folder and port again. */
  kill(): Promise<void>;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface BrokerOptions {
  /** Where it keeps its data; a temporary folder that is removed again when unset. */
  readonly folder?: string;
  readonly port?: number;
  /** Lines of server.properties beside ours (a SASL listener, a small segment). */
  readonly properties?: readonly string[];
  /** Further arguments with which the storage is made (`--add-scram …`). */
  readonly format?: readonly string[];
}

const POM = fileURLToPath(new URL('../../../deploy/dev/kafka/pom.xml', import.meta.url));
const START_MS_MAX = 180_000;

/** The broker's jars from Maven Central, fetched once into the user's cache. */
export function fetchKafkaJars(say: (line: string) => void = () => {}): string {
  const jars = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'wary', `kafka-${hash('sha256', readFileSync(POM), 'hex').slice(0, 12)}`);
  if (existsSync(join(jars, 'complete'))) return jars;
  say('Fetching a Kafka broker from Maven Central (55 MB, once)');
  // Into a folder of its own, which takes the name at the end: two that fetch at once do not see each other's halves.
  const fetched = `${jars}.${process.pid}`;
  mkdirSync(dirname(jars), { recursive: true });
  const { status, stdout, error } = spawnSync('mvn', ['-q', '-B', '-f', POM, 'dependency:copy-dependencies', `-DoutputDirectory=${fetched}`], { encoding: 'utf8' });
  if (status !== 0) throw new Error(error === undefined ? `mvn failed: ${stdout}` : `mvn is needed (Debian: maven, default-jre-headless): ${error.message}`);
  writeFileSync(join(fetched, 'complete'), '');
  try {
    if (!existsSync(join(jars, 'complete'))) rmSync(jars, { recursive: true, force: true });
    renameSync(fetched, jars);
  } catch (error) {
    rmSync(fetched, { recursive: true, force: true });
    if (!existsSync(join(jars, 'complete'))) throw error;
  }
  return jars;
}

/** One broker of Apache Kafka in KRaft mode on a port of the loopback address. Needs Java 17 and, the first time, Maven. */
export async function startKafkaBroker(options: BrokerOptions = {}): Promise<KafkaBroker> {
  const jars = fetchKafkaJars();
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'wary-kafka-'));
  mkdirSync(folder, { recursive: true });
  const port = options.port ?? await freePort();
  const controller = await freePort();
  const config = join(folder, 'server.properties');
  writeFileSync(config, propertiesOf(folder, port, controller, options.properties ?? []));
  const java = (heap: string, main: string, ...args: string[]): [string, string[]] => ['java', [heap, '-cp', readdirSync(jars).filter((name) => name.endsWith('.jar')).map((name) => join(jars, name)).join(':'), main, ...args]];
  const run = (...args: string[]): string => {
    const { status, stdout, stderr } = spawnSync(...java('-Xmx128m', 'kafka.tools.StorageTool', ...args), { encoding: 'utf8' });
    if (status !== 0) throw new Error(`the storage of the broker cannot be made: ${stderr || stdout}`);
    return stdout;
  };
  if (!existsSync(join(folder, 'data', 'meta.properties'))) run('format', '-t', run('random-uuid').trim().split('\n').at(-1)!, '-c', config, ...(options.format ?? []));

  let child: ChildProcess;
  const open = async (): Promise<void> => {
    child = spawn(...java('-Xmx512m', 'kafka.Kafka', config), { stdio: 'ignore' });
    for (const end = Date.now() + START_MS_MAX; !await isOpen(port); await sleep(100)) {
      if (child.exitCode === null && Date.now() < end) continue;
      child.kill('SIGKILL');
      throw new Error('the Kafka broker did not start');
    }
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = new Promise<void>((resolve) => { child.once('exit', () => { resolve(); }); });
    child.kill(signal);
    await exited;
  };
  await open();
  return {
    brokers: `127.0.0.1:${port}`, jars, get process() { return child; },
    kill: () => end('SIGKILL'), restart: open,
    async stop() {
      await end('SIGTERM');
      if (options.folder === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function propertiesOf(folder: string, port: number, controller: number, more: readonly string[]): string {
  return [
    'process.roles=broker,controller', 'node.id=1', `controller.quorum.voters=1@127.0.0.1:${controller}`, 'controller.listener.names=CONTROLLER',
    ...(more.some((line) => line.startsWith('listeners=')) ? [] : [`listeners=PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller}`, `advertised.listeners=PLAINTEXT://127.0.0.1:${port}`, 'listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT']),
    `log.dirs=${join(folder, 'data')}`, 'num.partitions=1', 'default.replication.factor=1', 'min.insync.replicas=1', 'offsets.topic.replication.factor=1', 'offsets.topic.num.partitions=4',
    'transaction.state.log.replication.factor=1', 'transaction.state.log.min.isr=1', 'transaction.state.log.num.partitions=4', 'group.initial.rebalance.delay.ms=0', 'auto.create.topics.enable=false', 'share.coordinator.state.topic.replication.factor=1', 'share.coordinator.state.topic.min.isr=1',
    ...more.map((line) => line.replaceAll('$PORT', String(port)).replaceAll('$CONTROLLER', String(controller))),
  ].join('\n');
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => { socket.destroy(); resolve(true); });
    socket.once('error', () => { resolve(false); });
  });
}
