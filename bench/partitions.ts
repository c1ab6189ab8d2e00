/** Partitions: what it costs to cut the detectors' stream, as a ratio of CPU to one engine over the whole, and what the partitions tell each other. */
import { createEngine, type Engine } from '@wary/detect/engine.js';
import type { Event } from '@wary/model/event.js';
import { partitionOf, shardOf } from '@wary/model/shard.js';
import { finalFindings } from '@wary/testkit/partitioned-run.js';
import type { Finding } from '@wary/model/finding.js';
import { numbered } from '@wary/testkit/event-builder.js';
import { officeStream } from '@wary/testkit/office-stream.js';

const USERS = Number(process.argv[2] ?? 400);
const DAYS = 15;
const BATCH_EVENTS = 200;
const ROUNDS = 3;
const SILENCE_HOURS = 100;
const HOUR_MS = 3_600_000;
const OPTIONS = { budgetPerDay: 5, seed: 1 } as const;

const stream = officeStream({ seed: 7, users: USERS, days: DAYS, groups: 12, requestsPerHour: 8 });
const until = Math.floor(stream.at(-1)!.time / HOUR_MS) + SILENCE_HOURS;
const cpuMs = (work: () => void): number => {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
};

function whole(): Finding[] {
  const engine = createEngine(OPTIONS);
  const found: Finding[] = [];
  for (let at = 0; at < stream.length; at += BATCH_EVENTS) found.push(...engine.scoreEvents(stream.slice(at, at + BATCH_EVENTS)));
  found.push(...engine.reach('default', until).findings);
  return found;
}

interface Told { records: number; bytes: number; largest: number }

/** The same by N engines in turn; what one publishes all have read before the next turn. */
function cut(streams: readonly (readonly Event[])[], told: Told): Finding[] {
  const count = streams.length;
  const engines = streams.map((_, index) => createEngine({ ...OPTIONS, partition: { index, count } }));
  const positions = streams.map(() => 0);
  const found: Finding[] = [];
  const publish = (engine: Engine): void => {
    for (const closed of engine.closedHours()) {
      told.records += 1;
      told.bytes += closed.bytes.length;
      told.largest = Math.max(told.largest, closed.bytes.length);
      for (const each of engines) each.offerClosed(closed);
    }
  };
  while (positions.some((position, index) => position < streams[index]!.length)) {
    engines.forEach((engine, index) => {
      const batch = streams[index]!.slice(positions[index]!, positions[index]! + BATCH_EVENTS);
      const part = batch.length === 0 ? { findings: engine.follow().findings, next: 0 } : engine.scorePart(batch, 0);
      positions[index]! += part.next;
      found.push(...part.findings);
      publish(engine);
    });
  }
  for (let isThere = false; !isThere;) {
    const reached = engines.map((engine) => { const { findings, blocked } = engine.reach('default', until); found.push(...findings); publish(engine); return blocked === null; });
    isThere = reached.every(Boolean);
  }
  return found;
}

const expected = finalFindings(whole());
const wholeMs = Math.min(...Array.from({ length: ROUNDS }, () => cpuMs(() => { whole(); })));
console.log(`${stream.length.toLocaleString('en')} events of ${USERS} people over ${DAYS} days, ${expected.size} findings; one engine is 1.00 (the best of ${ROUNDS} rounds each)`);
for (const partitions of [1, 2, 4, 8]) {
  const streams = Array.from({ length: partitions }, (_, index) => numbered(stream.filter(({ tenant, principal }) => partitionOf(shardOf(tenant, principal.type, principal.id), partitions) === index)));
  const told: Told = { records: 0, bytes: 0, largest: 0 };
  const found = cut(streams, told);
  if (JSON.stringify([...finalFindings(found)]) !== JSON.stringify([...expected])) throw new Error(`${partitions} partitions found something else`);
  const ms = Math.min(...Array.from({ length: ROUNDS }, () => cpuMs(() => { cut(streams, { records: 0, bytes: 0, largest: 0 }); })));
  console.log(`${partitions} partition${partitions === 1 ? '' : 's'}: CPU of all together ${(ms / wholeMs).toFixed(2)}; ${told.records} hours published, ${(told.bytes / 1024).toFixed(0)} KiB, ${(told.bytes / stream.length).toFixed(2)} bytes an event, the largest ${(told.largest / 1024).toFixed(1)} KiB`);
}
