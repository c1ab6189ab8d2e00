/** Cost: CPU of an event at 100,000 entities, whole and by part; bytes of hot and compacted entities; a million of them, a flood of new ones, and snapshots. */
import { Session } from 'node:inspector/promises';
import { loadavg } from 'node:os';
import { createEngine, type Engine, type EngineLimits } from '@wary/detect/engine.js';
import { DEFAULT_ENGINE_LIMITS } from '@wary/detect/engine-limits.js';
import type { Event } from '@wary/model/event.js';
import { visitOf } from './support/many-entities.js';
import { partOf, PARTS } from './support/cost-parts.js';
import { machine, publishSection, tableOf } from './support/quality-page.js';
import { cpuMs, MIB, usedBytes } from './support/usage.js';

const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const publish = process.argv.includes('--publish');
const isWanted = (part: string): boolean => wanted.length === 0 || wanted.includes(part);
const ENTITIES = 100_000;
const BATCH_EVENTS = 200;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const ENTITIES_PER_STEP = 512;
/** At work at a time in the sessions, and how many five minutes pass until everybody had a turn. */
const AT_WORK = 500;
const TURN_SLOTS = ENTITIES / AT_WORK;
const MEASURED_SLOTS = 120;

const lines: string[][] = [];
function tell(what: string, measured: string, bar = ''): void {
  console.log(`${what}: ${measured}${bar === '' ? '' : ` (bar ${bar})`}`);
  lines.push([what, measured, bar]);
}

const engineOf = (limits: Partial<EngineLimits> = {}): Engine => createEngine({ budgetPerDay: 5, seed: 1, limits });

/** Events made outside the measure, in batches as the score lane takes them. */
function feed(engine: Engine, events: Iterable<Event>): { events: number; cpu: number; findings: number } {
  let batch: Event[] = [];
  let count = 0;
  let cpu = 0;
  let findings = 0;
  const flush = (): void => {
    const taken = batch;
    batch = [];
    count += taken.length;
    // Batches together, for the clock of the CPU is coarse.
    cpu += cpuMs(() => { for (let at = 0; at < taken.length; at += BATCH_EVENTS) findings += engine.scoreEvents(taken.slice(at, at + BATCH_EVENTS)).length; });
  };
  for (const event of events) {
    batch.push(event);
    if (batch.length === BATCH_EVENTS * 20) flush();
  }
  flush();
  return { events: count, cpu, findings };
}

let seq = 0;
/** Everybody in turn, once an hour: nobody's numbers are still at hand when the next event of theirs comes. */
function* inTurn(entities: number, rounds: number, fromHour: number, prefix?: string): Generator<Event> {
  for (let round = 0; round < rounds; round += 1) {
    for (let entity = 0; entity < entities; entity += 1) yield visitOf(entity, fromHour + round, (fromHour + round) * HOUR_MS + Math.floor((entity / entities) * HOUR_MS), seq += 1, prefix);
  }
}

/** Five hundred at work at a time, each with three events in five minutes, then the next five hundred: as a day of many people looks. */
function* sessions(entities: number, fromHour: number, fromSlot: number, fiveMinutes: number): Generator<Event> {
  for (let slot = fromSlot; slot < fromSlot + fiveMinutes; slot += 1) {
    for (let visit = 0; visit < 3; visit += 1) {
      for (let worker = 0; worker < AT_WORK; worker += 1) yield visitOf((slot * AT_WORK + worker) % entities, slot * 3 + visit, fromHour * HOUR_MS + slot * 5 * MINUTE_MS + visit * 100_000 + worker * 150, seq += 1);
    }
  }
}

async function cpu(): Promise<Engine> {
  const engine = engineOf();
  const before = usedBytes();
  feed(engine, inTurn(ENTITIES, 8, 0));
  tell(`a hot entity, of ${ENTITIES.toLocaleString('en')} of which ${DEFAULT_ENGINE_LIMITS.awakeEntitiesMax.toLocaleString('en')} are awake`, `${((usedBytes() - before) / ENTITIES / 1024).toFixed(2)} KiB`, '4 KiB');
  // Everybody has a turn first, so that what is measured closes as many windows as it opens: those of the turn before.
  feed(engine, sessions(ENTITIES, 60, 0, TURN_SLOTS));
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 2_000 });
  await session.post('Profiler.start');
  const working = feed(engine, sessions(ENTITIES, 60, TURN_SLOTS, MEASURED_SLOTS));
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  tell('CPU of an event, 500 entities at work at a time', `${((working.cpu * 1000) / working.events).toFixed(1)} µs`, '15 µs');
  const turn = feed(engine, inTurn(ENTITIES, 2, 60 + Math.ceil((TURN_SLOTS + MEASURED_SLOTS) / 12) + 1));
  tell('CPU of an event, everybody in turn', `${((turn.cpu * 1000) / turn.events).toFixed(1)} µs`, '15 µs');
  const shares = partOf(profile);
  for (const part of PARTS) tell(`… of that at work: ${part}`, `${(((shares.get(part) ?? 0) * working.cpu * 1000) / working.events).toFixed(2)} µs`);
  return engine;
}

function snapshot(engine: Engine): void {
  const started = performance.now();
  let longest = 0;
  let longestCpu = 0;
  let total = 0;
  const timed = <T>(work: () => T): T => {
    const from = performance.now();
    let result!: T;
    const used = cpuMs(() => { result = work(); });
    longest = Math.max(longest, performance.now() - from);
    longestCpu = Math.max(longestCpu, used);
    total += used;
    return result;
  };
  const taken = timed(() => engine.snapshot());
  const beginMs = longest;
  while (!timed(() => taken.step(ENTITIES_PER_STEP)));
  const bytes = Buffer.concat(taken.parts());
  tell(`snapshot of ${engine.stats.entities.toLocaleString('en')} entities`, `${(bytes.length / MIB).toFixed(0)} MiB in ${((performance.now() - started) / 1000).toFixed(2)} s (CPU ${(total / 1000).toFixed(2)} s)`, '5 s');
  tell('… longest pause', `${longest.toFixed(0)} ms (CPU ${longestCpu.toFixed(0)} ms); its beginning ${beginMs.toFixed(0)} ms`, '50 ms');
  const other = engineOf();
  const restoreStarted = performance.now();
  const used = cpuMs(() => { if (!other.restore(bytes)) throw new Error('the snapshot was not taken back'); });
  tell('… restored', `in ${((performance.now() - restoreStarted) / 1000).toFixed(2)} s (CPU ${(used / 1000).toFixed(2)} s)`, '10 s');
  tell('… and equal bit for bit', Buffer.compare(other.dump(), engine.dump()) === 0 ? 'yes' : 'NO', 'yes');
}

/** Compacted ones: what more of them takes when the hot ones are as many as before. */
function cold(): void {
  const engine = engineOf({ hotEntitiesMax: 4_096, awakeEntitiesMax: 1_024 });
  feed(engine, inTurn(20_000, 12, 0, 'first'));
  const before = usedBytes();
  feed(engine, inTurn(60_000, 1, 30, 'second'));
  // As much history as the first had, group by group, so that each group's is hot until it is whole.
  for (let group = 0; group < 15; group += 1) feed(engine, history(group * 4_000, 4_000, 40 + group * 14));
  const { entities } = engine.stats;
  tell('a compacted entity, with 12 hours of history', `${((usedBytes() - before) / 60_000 / 1024).toFixed(2)} KiB (${entities.toLocaleString('en')} hot beside them)`, '1 KiB');
}

function* history(from: number, count: number, fromHour: number): Generator<Event> {
  for (let round = 0; round < 12; round += 1) {
    for (let entity = from; entity < from + count; entity += 1) yield visitOf(entity, round, (fromHour + round) * HOUR_MS + Math.floor(((entity - from) / count) * HOUR_MS), seq += 1, 'second');
  }
}

function million(): void {
  const before = usedBytes();
  const engine = engineOf();
  const { events, cpu: used } = feed(engine, inTurn(1_000_000, 4, 0));
  tell('1,000,000 entities, four events each', `${((usedBytes() - before) / MIB).toFixed(0)} MiB; ${((used * 1000) / events).toFixed(1)} µs of CPU an event; ${JSON.stringify(pick(engine))}`, '1,024 MiB');
}

const pick = ({ stats: { entities, entitiesEvicted, overflow } }: Engine): Record<string, number> => ({ entities, entitiesEvicted, overflow });

/** Twelve working days of people, then a million names nobody has heard of, then an attack on each tenth of a thousand of those people. */
function flood(): void {
  const PEOPLE = 2_000;
  const found = (isFlooded: boolean): { found: number; told: boolean; more: number; cpu: number } => {
    const engine = engineOf();
    for (let day = 0; day < 14; day += 1) feed(engine, inTurn(PEOPLE, 8, day * 24));
    const before = usedBytes();
    let used = 0;
    if (isFlooded) {
      used = feed(engine, (function* () {
        for (let at = 0; at < 1_000_000; at += 1) yield visitOf(at, 0, 14 * 24 * HOUR_MS + at * 3, seq += 1, 'flood');
      })()).cpu;
    }
    const more = usedBytes() - before;
    const attacked = new Set<string>();
    let told = false;
    for (let victim = 0; victim < PEOPLE; victim += 10) {
      const events = Array.from({ length: 80 }, (_, at) => {
        const event = visitOf(victim, at, 15 * 24 * HOUR_MS + 2 * HOUR_MS + victim * 100 + at * 1_000, seq += 1);
        Object.assign(event, { kind: 'access', action: 'download', bytes: 5_000_000, genAi: null });
        event.resource.id = `secret/${at}`;
        return event;
      });
      for (const { entity, detector } of engine.scoreEvents(events)) {
        if (detector.id === 'entity_flood') told = true;
        else if (entity.type === 'user') attacked.add(entity.id);
      }
    }
    return { found: attacked.size, told, more, cpu: used };
  };
  const quiet = found(false);
  const flooded = found(true);
  tell('a flood of 1,000,000 new entities', `${(flooded.more / MIB).toFixed(0)} MiB more; ${(flooded.cpu / 1_000).toFixed(1)} µs of CPU an event`, '512 MiB');
  tell('… told as a finding', `${flooded.told ? 'yes' : 'NO'}, without the flood ${quiet.told ? 'YES' : 'no'}`, 'yes');
  tell('… bursts found at 200 who were known before', `${flooded.found}, without the flood ${quiet.found}`, 'as many');
}

const load = loadavg()[0]!;
const engine = isWanted('cpu') || isWanted('snapshot') ? await cpu() : null;
if (engine !== null && isWanted('snapshot')) snapshot(engine);
if (isWanted('cold')) cold();
if (isWanted('million')) million();
if (isWanted('flood')) flood();
if (publish) publishSection('cost', `## \`npm run bench -- cost\`

\`npm run bench -- cost --publish\`: ${machine()}, load ${load.toFixed(0)} when it began on two cores. All detectors are on. CPU is that of the whole process, collector included, over batches of ${BATCH_EVENTS} events; memory is heap and
buffers after a collection. "Of that" is attributed by a sampling profiler to the innermost part on the stack.

${tableOf(['', 'measured', 'bar'], lines)}`, 'docs/performance.md');
