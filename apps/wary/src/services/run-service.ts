import { ConfigError, readConfig, type Config } from '@wary/platform/config/read-config.js';
import { createLogger } from '@wary/platform/logging/create-logger.js';
import { logWarnings } from '@wary/platform/logging/log-warnings.js';
import { runUntilSignal } from '../run-until-signal.js';
import { startService, type ComposeService } from './service.js';

/** Where each service answers its orchestrator, unless WARY_OPS_PORT says otherwise. */
export const OPS_PORTS = { api: 7_401, ingest: 7_411, store: 7_421, detect: 7_431, respond: 7_441 } as const;
export type ServiceName = keyof typeof OPS_PORTS;

const NEEDED = {
  WARY_SECRET_KEY: 'every process must have the same one',
  WARY_POSTGRES_URL: 'the services meet in a PostgreSQL server',
  WARY_CLICKHOUSE_URL: 'the services keep events in a ClickHouse server',
} as const;

/** The configuration of a service: what embedded engines would do alone, servers must do for all of them. */
export function readServiceConfig(name: ServiceName, source: Readonly<Record<string, string | undefined>>): Config {
  const config = readConfig({ WARY_OPS_PORT: String(OPS_PORTS[name]), ...source });
  const lines = Object.entries(NEEDED).filter(([variable]) => config.env[variable as keyof typeof NEEDED] === undefined).map(([variable, why]) => `${variable} must be set: ${why}`);
  if (config.env.WARY_KAFKA_BROKERS.length === 0) lines.push('WARY_KAFKA_BROKERS must be set: the services hand events on through topics');
  if (lines.length > 0) throw new ConfigError(lines);
  return config;
}

/** Runs one of the services until SIGTERM or SIGINT; the command of a container. */
export function runService(name: ServiceName, compose: ComposeService, env: Readonly<Record<string, string | undefined>> = process.env): Promise<void> {
  return runUntilSignal(async () => {
    const config = readServiceConfig(name, env);
    const log = createLogger(config.env.WARY_LOG_LEVEL);
    logWarnings(log);
    return startService(name, config, log, compose);
  }, {});
}
