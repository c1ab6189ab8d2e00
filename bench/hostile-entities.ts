/** Rows 11 to 13 and 15 of docs/RELIABILITY.md: a flood of new entities, what it does to those that are watched, an entity with nine tenths of the traffic, and a restart with 100,000 entities. `--entities N` (1,000,000), `--restart N` (100,000). */
import { parseArgs } from 'node:util';
import { createEngine, type Engine } from '@wary/detect/engine.js';
import { emptyEvent, type Event } from '@wary/model/event.js';
import type { Finding } from '@wary/model/finding.js';
import { numbered } from '@wary/testkit/event-builder.js';
import { officeStream, OFFICE_START } from '@wary/testkit/office-stream.js';

const { values } = parseArgs({ options: { entities: { type: 'string', default: '1000000' }, restart: { type: 'string', default: '100000' } } });
const FLOOD = Number(values.entities);
const RESTART = Number(values.restart);
const USERS = 100;
const DAYS = 12;
const NEW_KEYS = 10_000;
const BATCH = 500;
const HOUR = 3_600_000;
const OPTIONS = { budgetPerDay: 5, seed: 1 } as const;
const gc = (globalThis as { gc?: () => void }).gc ?? (() => {});
const rssMiB = (): number => { gc(); return process.memoryUsage().rss / 2 ** 20; };
const number = (value: number, digits = 0): string => value.toLocaleString('en', { maximumFractionDigits: digits });

let seq = 0;
function stranger(index: number, time: number): Event {
  const event = emptyEvent('native');
  event.id = `flood-${index}`;
  event.time = time;
  event.receivedAt = time;
  event.action = 'read';
  event.actor.id = `stranger-${index}`;
  event.principal.id = `stranger-${index}`;
  event.resource.id = `ds/${index % 1_000}`;
  event.resource.type = 'dataset';
  event.bytes = 1_000;
  event.attributes = { [`key-${index % NEW_KEYS}`]: index };
  return event;
}
/** A person who has always been there takes sixty large files within ten minutes. */
const theft = (like: Event, at: number): Event[] => Array.from({ length: 60 }, (_, index) => ({ ...like, outcome: 'success', id: `theft-${index}`, time: at + index * 10_000, receivedAt: at + index * 10_000, action: 'download', bytes: 40_000_000, resource: { ...like.resource, id: `customer-file/${index}`, type: 'file', labels: ['pii'] } }));
function feed(engine: Engine, events: readonly Event[]): Finding[] {
  const found: Finding[] = [];
  for (let from = 0; from < events.length; from += BATCH) found.push(...engine.scoreEvents(events.slice(from, from + BATCH).map((event) => ({ ...event, seq: (seq += 1) }))));
  return found;
}

/** Office traffic, a flood of strangers within a minute or none, then a theft by somebody who was there all along. */
function flooded(count: number): { engine: Engine; kept: boolean; found: string[]; rss: readonly number[]; usPerEvent: number; about: number; evicted: number } {
  const engine = createEngine(OPTIONS);
  seq = 0;
  const office = officeStream({ seed: 7, users: USERS, days: DAYS });
  feed(engine, office);
  const learned = (): string => JSON.stringify(Array.from({ length: USERS }, (_, user) => { const of = engine.describeEntity('default', { type: 'user', id: `user-${user}` }); return of === null ? null : [of.windowsLearned, of.since, of.week, of.categories]; }));
  const before = learned();
  const last = office.at(-1)!.time;
  const rss = [rssMiB()];
  const started = process.cpuUsage();
  const findings: Finding[] = [];
  for (let from = 0; from < count; from += 10_000) {
    findings.push(...feed(engine, Array.from({ length: Math.min(10_000, count - from) }, (_, at) => stranger(from + at, last + Math.floor(((from + at) / count) * 60_000)))));
    if (from % 250_000 === 240_000) rss.push(rssMiB());
  }
  const { user, system } = process.cpuUsage(started);
  const kept = learned() === before;
  const thief = 'user-3';
  const found = [...feed(engine, theft(office.find(({ principal }) => principal.id === thief)!, last + 2 * HOUR)), ...engine.finish()].filter(({ entity, revision }) => entity.id === thief && revision === 0);
  const about = findings.filter(({ revision }) => revision === 0).length;
  return { engine, kept, found: found.map(({ detector, severity }) => `${detector.id} ${severity}`).sort(), rss, usPerEvent: (user + system) / Math.max(1, count), about, evicted: engine.stats.entitiesEvicted };
}

const calm = flooded(0);
const wild = flooded(FLOOD);
const missed = calm.found.filter((each) => !wild.found.includes(each));
const { entities, overflow } = wild.engine.stats;
console.log(`row 11: ${number(FLOOD)} new entities and ${number(NEW_KEYS)} new attribute keys within a minute of event time: RSS ${wild.rss.map((mib) => number(mib)).join(' → ')} MiB, ${number(wild.usPerEvent, 1)} µs an event, ${number(entities)} entities exact, ${number(wild.evicted)} compacted, ${number(overflow)} times a limit; findings about strangers ${number(wild.about)}`);
console.log(`        a theft afterwards by one of ${USERS} who were there before: ${wild.found.length} findings, ${calm.found.length} without the flood; found only without it: ${missed.join(', ') || 'none'}; with it: ${wild.found.join(', ')}`);
console.log(`row 12: of ${USERS} entities with ${DAYS} days of baselines ${wild.kept ? 0 : 'SOME'} evicted or changed by the flood`);

/** Processor time of batches when one entity has a share of the traffic. */
function latency(share: number): number {
  const engine = createEngine(OPTIONS);
  seq = 0;
  const office = officeStream({ seed: 9, users: 1_000, days: 2, requestsPerHour: 4 });
  const costs: number[] = [];
  for (let from = 0; from < office.length; from += BATCH) {
    const part = office.slice(from, from + BATCH).map((event, at): Event => (((from + at) * 7_919) % 100 < share * 100 ? { ...event, actor: { ...event.actor, id: 'hot' }, principal: { ...event.principal, id: 'hot' } } : event));
    const started = performance.now();
    feed(engine, part);
    costs.push(performance.now() - started);
  }
  costs.sort((a, b) => a - b);
  return costs[Math.floor(costs.length * 0.99)]!;
}
const [uniform, hot] = [Math.min(latency(0), latency(0), latency(0)), Math.min(latency(0.9), latency(0.9), latency(0.9))];
console.log(`row 13: one entity with 90 % of the traffic: a batch of ${BATCH} takes ${number(hot, 1)} ms at p99, ${number(uniform, 1)} ms where it is spread over 1,000: ${number(hot / uniform, 2)} ×`);

const big = createEngine(OPTIONS);
seq = 0;
for (let round = 0; round < 4; round += 1) for (let from = 0; from < RESTART; from += 10_000) feed(big, Array.from({ length: 10_000 }, (_, at) => ({ ...stranger(from + at, OFFICE_START + round * 2 * HOUR + Math.floor(((from + at) / RESTART) * HOUR)), id: `r-${round}-${from + at}` })));
const bytes = big.dump();
const restored = createEngine(OPTIONS);
const started = performance.now();
const isRead = restored.restore(bytes);
const seconds = (performance.now() - started) / 1_000;
const more = numbered(Array.from({ length: 20_000 }, (_, at) => ({ ...stranger(at, OFFICE_START + 9 * HOUR + at), id: `m-${at}` })), seq);
const same = JSON.stringify(big.scoreEvents(more)) === JSON.stringify(restored.scoreEvents(more)) && Buffer.from(big.dump()).equals(Buffer.from(restored.dump()));
console.log(`row 15: ${number(RESTART)} entities, ${number(bytes.length / 2 ** 20)} MiB: restored (${isRead}) in ${number(seconds, 1)} s, and after ${number(more.length)} more events ${same ? 'equal bit for bit to' : 'NOT equal to'} the one that was not interrupted`);
