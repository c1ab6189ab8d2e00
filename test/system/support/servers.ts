import { join } from 'node:path';
import { startChild, type Child } from './child.js';

/** Tests and benches run in the project's folder. */
const SERVICES = join(process.cwd(), 'scripts/services.mjs');

/** Kafka, PostgreSQL and ClickHouse in processes of their own, with the environment that names them. */
export interface Servers { readonly env: Readonly<Record<string, string>>; readonly child: Child; stop(): Promise<void> }

export async function startServers(): Promise<Servers> {
  const child = await startChild(SERVICES, [], { UV_THREADPOOL_SIZE: '8' }, 240_000, (output) => output.includes('WARY_SECRET_KEY=') && output.includes('Ctrl-C'));
  const env = Object.fromEntries([...child.output().matchAll(/^(WARY_[A-Z_]+)=(.+)$/gm)].map(([, name, value]) => [name!, value!]));
  return {
    env, child,
    async stop() {
      child.process.kill('SIGTERM');
      await child.exited();
    },
  };
}
