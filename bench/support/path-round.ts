import { startWary } from '@wary/app-wary/start-wary.js';
import { readNativeBody } from '@wary/ingest/native-body.js';
import { readConfig } from '@wary/platform/config/read-config.js';
import { createLogger } from '@wary/platform/logging/create-logger.js';

export interface BenchSide { send(bodies: readonly Buffer[]): Promise<void>; close(): Promise<void> }

/** Requests under way at once, as a few collectors send them. */
const IN_FLIGHT = 3;

/** The whole service; bodies enter where the HTTP controller hands them over, and a round ends when the last event is scored. */
export async function runPath(dataDir: string): Promise<BenchSide> {
  const running = await startWary(readConfig({ WARY_DATA_DIR: dataDir, WARY_PORT: '0', WARY_OPS_PORT: '0', WARY_LOG_LEVEL: 'error', WARY_RULES_DIR: process.env['WARY_RULES_DIR'] }), createLogger('error'));
  return {
    async send(bodies) {
      const queue = [...bodies];
      await Promise.all(Array.from({ length: IN_FLIGHT }, async () => {
        for (let body = queue.shift(); body !== undefined; body = queue.shift()) {
          const result = await running.path.take(readNativeBody(body, 'application/x-ndjson', { tenant: 'default', receivedAt: Date.now() }));
          if (result.rejected.length > 0 || result.duplicates > 0) throw new Error(`the bench's own events were not taken: ${JSON.stringify(result.rejected[0] ?? 'duplicates')}`);
        }
      }));
      await running.scoreLane.drain();
    },
    close: async () => { await running.stop(); },
  };
}
