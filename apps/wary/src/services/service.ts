import { hostname } from 'node:os';
import { runStart, runStop, type Step } from '@wary/platform/lifecycle/run-steps.js';
import type { Config } from '@wary/platform/config/read-config.js';
import type { Logger } from '@wary/platform/logging/create-logger.js';
import type { PostgresHandle } from '@wary/adapter-postgres/open-postgres.js';
import { createProcessRegistry } from '@wary/adapter-postgres/process-registry.js';
import { createSystemRandom, systemClock } from '@wary/platform/config/system-random.js';
import { internalToken, type InternalRoute } from '@wary/platform/ops/internal-routes.js';
import { startOpsServer, type OpsServer } from '@wary/platform/ops/ops-server.js';
import { ProcessHeartbeat } from '@wary/platform/ops/process-heartbeat.js';
import { Readiness } from '@wary/platform/path/tokens.js';
import type { ProcessLoad } from '@wary/ports/process-registry.port.js';
import { deriveKey } from '@wary/protect/derive-keys.js';
import { Registry } from 'prom-client';
import { VERSION } from '../version.js';

const READY_CHECK_MS = 2_000;

/** What a service is made of: its steps in the order of a start and of a stop, and what must answer for it to be ready. */
export interface ServiceParts {
  readonly start: readonly Step[];
  readonly stop: readonly Step[];
  readonly ping: () => Promise<unknown>;
  /** Where it listens, where it does. */
  readonly url?: () => Promise<string>;
  /** Where processes tell of themselves. */
  readonly postgres: PostgresHandle;
  /** Of the log of record, where it scores them. */
  readonly partitions?: { readonly count: number; readonly owned: () => readonly number[] };
  /** What it takes in, and how far it is behind. */
  readonly load?: () => ProcessLoad;
  /** What other processes may ask it. */
  readonly internal?: readonly InternalRoute[];
}
export interface ServiceContext { readonly config: Config; readonly log: Logger; readonly registry: Registry; readonly readiness: Readiness; /** Of this run of it, among all processes. */ readonly processId: string; /** A trouble that passes, or that an operator has to look at. */ readonly onTrouble: (what: string, error: unknown) => void }
export type ComposeService = (context: ServiceContext) => Promise<ServiceParts>;

export interface RunningService {
  readonly url: string | null;
  readonly opsUrl: string;
  readonly registry: Registry;
  /** Ends in order, within WARY_DRAIN_SECONDS. True when everything went well; calling it again gives the same answer. */
  stop(): Promise<boolean>;
}

/** Starts one of the services: health first, then its parts in order, and only then it says that it is ready. */
export async function startService(name: string, config: Config, log: Logger, compose: ComposeService): Promise<RunningService> {
  const { env } = config;
  const registry = new Registry();
  registry.setDefaultLabels({ service: name });
  const readiness = new Readiness();
  const onTrouble = (what: string, error: unknown): void => { log.error({ err: error }, what); };
  let parts: ServiceParts | null = null;
  let ops: OpsServer | null = null;
  let heartbeat: ProcessHeartbeat | null = null;

  async function isReady(): Promise<{ ready: boolean; reason: string }> {
    if (!readiness.ready || parts === null) return { ready: false, reason: readiness.why };
    let timer: NodeJS.Timeout | undefined;
    try {
      await Promise.race([parts.ping(), new Promise((_, reject) => { timer = setTimeout(() => { reject(new Error('timeout')); }, READY_CHECK_MS); })]);
      return { ready: true, reason: 'ready' };
    } catch {
      return { ready: false, reason: 'a server that it stands on does not answer' };
    } finally {
      clearTimeout(timer);
    }
  }

  const processId = createSystemRandom(systemClock).id();
  let stopping: Promise<boolean> | null = null;
  const stop = (): Promise<boolean> => (stopping ??= (async () => {
    readiness.close('stopping');
    await heartbeat?.stop();
    const clean = await runStop(parts?.stop ?? [], env.WARY_DRAIN_SECONDS * 1_000, log);
    await ops?.close();
    return clean;
  })());

  try {
    ops = await startOpsServer({ host: env.WARY_OPS_HOST ?? env.WARY_HOST, port: env.WARY_OPS_PORT, registry, isReady, internal: { token: internalToken(deriveKey(env.WARY_SECRET_KEY!, 'internal')), routes: () => parts?.internal ?? [] } });
    parts = await compose({ config, log, registry, readiness, processId, onTrouble });
    await runStart(parts.start, log);
    const { postgres, partitions } = parts;
    heartbeat = new ProcessHeartbeat({
      registry: createProcessRegistry(postgres.db), partitions: partitions?.owned ?? (() => []), load: parts.load ?? (() => null), onTrouble: (error) => { log.debug({ err: error }, 'process.report.failed'); },
      process: { id: processId, kind: name, host: hostname(), internalUrl: `http://${advertisedHost(env)}:${ops.port}`, version: VERSION, topicPartitions: partitions?.count ?? null },
    });
    heartbeat.start();
  } catch (error) {
    await stop();
    throw error;
  }
  readiness.open();
  const url = parts.url === undefined ? null : (await parts.url()).replace('[::1]', '127.0.0.1');
  const opsUrl = `http://${env.WARY_OPS_HOST ?? env.WARY_HOST}:${ops.port}`;
  log.info({ service: name, url, opsUrl }, 'service.started');
  return { url, opsUrl, registry, stop };
}

/** Where other processes reach this one: as told, or where it listens, which says nothing when that is every address. */
function advertisedHost({ WARY_ADVERTISED_HOST, WARY_OPS_HOST, WARY_HOST }: Config['env']): string {
  const listens = WARY_OPS_HOST ?? WARY_HOST;
  const host = WARY_ADVERTISED_HOST ?? (['0.0.0.0', '::', '[::]'].includes(listens) ? hostname() : listens);
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}
