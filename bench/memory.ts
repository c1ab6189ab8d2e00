/** Memory of the detectors at 100,000 entities: heap and buffers per entity, size and time of a snapshot and of its restore. */
import { createEngine } from '@wary/detect/engine.js';
import { emptyEvent, type Event } from '@wary/model/event.js';

const ENTITIES = Number(process.argv[2] ?? 100_000);
const EVENTS_PER_ENTITY = 12;
const gc = (globalThis as { gc?: () => void }).gc ?? (() => {});
const used = (): number => {
  gc();
  const { heapUsed, arrayBuffers, external } = process.memoryUsage();
  return heapUsed + Math.max(arrayBuffers, external);
};

const before = used();
const engine = createEngine({ budgetPerDay: 5, seed: 1 });
const start = Date.UTC(2026, 0, 5);
let seq = 0;
let scoreMs = 0;
for (let round = 0; round < EVENTS_PER_ENTITY; round += 1) {
  for (let from = 0; from < ENTITIES; from += 1_000) {
    const events: Event[] = [];
    for (let entity = from; entity < Math.min(from + 1_000, ENTITIES); entity += 1) {
      seq += 1;
      const event = emptyEvent('native');
      event.id = `m-${seq}`;
      event.seq = seq;
      event.time = start + round * 2 * 3_600_000 + Math.floor((entity / ENTITIES) * 3_600_000);
      event.receivedAt = event.time;
      event.action = 'read';
      event.actor.id = `user-${entity}`;
      event.principal.id = `user-${entity}`;
      event.peerGroup = `team-${entity % 200}`;
      event.resource.id = `ds/${(entity * 7 + round) % 500}`;
      event.resource.type = 'dataset';
      event.bytes = 1_000 + ((entity * 31 + round * 17) % 50_000);
      event.client.ip = `10.${(entity >> 8) & 255}.${entity & 255}.9`;
      events.push(event);
    }
    const started = process.cpuUsage();
    engine.scoreEvents(events);
    const { user, system } = process.cpuUsage(started);
    scoreMs += (user + system) / 1000;
  }
}
const after = used();
const dumpStart = performance.now();
const bytes = engine.dump();
const dumpMs = performance.now() - dumpStart;
const restored = createEngine({ budgetPerDay: 5, seed: 1 });
const restoreStart = performance.now();
const ok = restored.restore(bytes);
const restoreMs = performance.now() - restoreStart;
console.log(`${ENTITIES.toLocaleString('en')} entities, ${seq.toLocaleString('en')} events: ${((after - before) / 2 ** 20).toFixed(0)} MiB, ${((after - before) / ENTITIES / 1024).toFixed(2)} KiB an entity; ${((scoreMs * 1000) / seq).toFixed(2)} µs an event`);
console.log(`stats: ${JSON.stringify(engine.stats)}`);
console.log(`snapshot ${(bytes.length / 2 ** 20).toFixed(1)} MiB in ${dumpMs.toFixed(0)} ms, restored (${ok}) in ${restoreMs.toFixed(0)} ms`);
