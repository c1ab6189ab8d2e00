/** What the rules of `rules/` cost an event on the path: µs an event with and without them over simulated events, and how many rules are evaluated. */
import { fileURLToPath } from 'node:url';
import { createOfflinePath } from '@wary/app-cli/files/offline-path.js';
import { readRuleFolders } from '@wary/app-cli/rules/rule-files.js';
import type { Event } from '@wary/model/event.js';
import { compileRules } from '@wary/rules/live/compiled-rules.js';
import { LiveRules } from '@wary/rules/live/live-rules.js';
import { createOrganisation } from '@wary/simulate/organisation.js';

const ROUNDS = 9;
const WARM_ROUNDS = 2;
const EVENTS_MAX = 60_000;
const BAR_US = 10;
const START = Date.UTC(2026, 9, 5);

const folder = process.argv[2] ?? fileURLToPath(new URL('../../rules/', import.meta.url));
const { set } = readRuleFolders([folder]);
const organisation = createOrganisation({ seed: 5, start: START, days: 2, liveDays: 2, people: 120 });
const lines: string[] = [];
for (const { event } of organisation.events()) {
  lines.push(JSON.stringify(event));
  if (lines.length === EVENTS_MAX) break;
}
const events: Event[] = createOfflinePath(organisation.registers).read(Buffer.from(lines.join('\n')), 0).events;
const compiled = compileRules(set);
console.log(`${compiled.base.length} rules and ${compiled.correlations.length} correlations, ${events.length} simulated events`);

/** Median over rounds of the processor time of an event, in µs; a machine that others use too says little by the clock. */
function perEvent(run: (event: Event) => void): number {
  const times: number[] = [];
  for (let round = 0; round < WARM_ROUNDS + ROUNDS; round += 1) {
    const before = process.cpuUsage();
    for (const event of events) run(event);
    const { user, system } = process.cpuUsage(before);
    if (round >= WARM_ROUNDS) times.push((user + system) / events.length);
  }
  return times.sort((left, right) => left - right)[ROUNDS >> 1]!;
}

let sum = 0;
const none = perEvent((event) => { sum += event.principal.id.length; });
const rules = new LiveRules(compiled, () => performance.now());
let matches = 0;
let seen = 0;
const withRules = perEvent((event) => {
  seen += 1;
  matches += rules.observe(event).length;
});
console.log(`without rules: ${none.toFixed(3)} µs an event; with rules: ${withRules.toFixed(2)} µs an event (median of ${ROUNDS} rounds; the bar is ${BAR_US})`);
console.log(`evaluated: ${(rules.evaluated / seen).toFixed(3)} rules an event; matches: ${(matches / (WARM_ROUNDS + ROUNDS)).toFixed(1)} a round`);
if (sum < 0) console.log(sum);
