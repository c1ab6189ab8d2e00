// One of the services, killed with SIGKILL when it passes a given point for the n-th time.
// node crashing-service.mjs SERVICE POINT N   (POINT: see below; never)
import { BatchConsumer } from '@wary/adapter-kafka/batch-consumer.js';
import { ServerEngine } from '@wary/adapter-clickhouse/engine/server-engine.js';
import { EventWriter } from '@wary/adapter-clickhouse/events/event-writer.js';
import { DetectWork } from '@wary/platform/log/detect-work.js';
import { LogLane } from '@wary/platform/log/log-lane.js';
import { WebhookDispatcher } from '@wary/platform/webhooks/webhook-dispatcher.js';

const [service, point = 'never', nth = '1'] = process.argv.slice(2);
let passed = 0;
const pass = () => {
  passed += 1;
  if (passed === Number(nth)) process.kill(process.pid, 'SIGKILL');
};
const before = (owner, method, when = () => true) => {
  const real = owner[method];
  owner[method] = function (...args) {
    if (when(...args)) pass();
    return real.apply(this, args);
  };
};
const after = (owner, method, when = () => true) => {
  const real = owner[method];
  owner[method] = async function (...args) {
    const result = await real.apply(this, args);
    if (when(...args)) pass();
    return result;
  };
};

({
  // ingest: messages of a raw topic are fetched; events are enriched and not in the log; they are in the log and nobody was told.
  fetched: () => { before(BatchConsumer.prototype, 'takeAlive'); },
  enriched: () => { before(LogLane.prototype, 'commit'); },
  appended: () => { after(LogLane.prototype, 'commit'); },
  // store: the batch is written and not committed.
  inserted: () => { after(EventWriter.prototype, 'insert'); },
  // detect: findings are published and the position is not known; in the middle of a snapshot; hours are closed and not read back.
  scored: () => { after(DetectWork.prototype, 'publish', (findings) => findings.length > 0); },
  'mid-snapshot': () => { before(ServerEngine.prototype, 'insert', (table) => table.endsWith('snapshots')); },
  // respond: alerts are written and findings not committed; a message is due and not sent.
  'alert-written': () => { after(BatchConsumer.prototype, 'takeAlive', (batch) => batch.topic === 'wary.findings'); },
  'webhook-pending': () => { before(WebhookDispatcher.prototype, 'attempt'); },
  never: () => {},
})[point]();
await import(`@wary/app-${service}/main.js`);
