import { join } from 'node:path';
import { EmbeddedEngine } from './embedded-engine.js';
import type { Engine } from './engine.js';
import { ServerEngine, splitServerUrl } from './server-engine.js';

/** The one place that knows which of the two it is. */
export function openEngine({ url, dataDir }: { url?: string; dataDir: string }): Promise<Engine> {
  if (url === undefined || url === '') return EmbeddedEngine.open(join(dataDir, 'clickhouse'), 'wary');
  const server = splitServerUrl(url);
  return ServerEngine.open(server.url, server.database);
}
