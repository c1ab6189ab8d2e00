// The product in a process of its own, killed with SIGKILL when it passes a given point for the n-th time.
// node crashing-wary.mjs POINT N   (POINT: received | inserted | alert-written | webhook-pending | never)
import { startWary } from '@wary/app-wary/start-wary.js';
import { readConfig } from '@wary/platform/config/read-config.js';
import { createLogger } from '@wary/platform/logging/create-logger.js';

const [point = 'never', nth = '1'] = process.argv.slice(2);
let passed = 0;
const pass = (here) => {
  if (here !== point) return;
  passed += 1;
  if (passed === Number(nth)) process.kill(process.pid, 'SIGKILL');
};

/** Forwards everything, and passes the points around one method. */
const around = (target, method, before, after) => new Proxy(target, {
  get(object, property) {
    const value = Reflect.get(object, property, object);
    if (typeof value !== 'function') return value;
    if (property !== method) return value.bind(object);
    return async (...args) => {
      if (before) pass(before);
      const result = await value.apply(object, args);
      if (after) pass(after);
      return result;
    };
  },
});

const config = readConfig(process.env);
const running = await startWary(config, createLogger(config.env.WARY_LOG_LEVEL), {
  wrap: (ports) => ({
    ...ports,
    events: around(ports.events, 'insertEvents', 'received', 'inserted'),
    workflow: around(ports.workflow, 'applyFindings', undefined, 'alert-written'),
    channel: around(ports.channel, 'send', 'webhook-pending', undefined),
  }),
});
process.on('SIGTERM', () => { void running.stop().then((clean) => process.exit(clean ? 0 : 1)); });
console.log('ready');
