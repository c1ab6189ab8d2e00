/** Cost of the protect stage: µs per event without content, µs per KB of texts of several kinds, ms per prompt scored. */
import { readdirSync, readFileSync } from 'node:fs';
import { emptyEvent, emptyGenAi, type Event } from '@wary/model/event.js';
import { CanarySchema, emptyRegisters, type Registers } from '@wary/model/registers.js';
import { createProtector, type ProtectPolicy } from '@wary/protect/protector.js';
import { scanText } from '@wary/protect/scan-text.js';
import { scorePrompt } from '@wary/protect/score-prompt.js';

const ROUNDS = Number(process.argv[2] ?? 400);
const KB = 1_024;

/** The fastest of many rounds: what the code needs, not what the machine is busy with. */
function microseconds(work: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    work();
    best = Math.min(best, performance.now() - start);
  }
  return best * 1_000;
}
const print = (name: string, value: number, unit: string): void => console.log(`${name.padEnd(44)} ${value.toFixed(2).padStart(8)} ${unit}`);

function access(i: number): Event {
  const event = emptyEvent('native');
  Object.assign(event, { id: `01J${String(i * 7_919).padStart(23, '0')}`, action: 'download', purpose: 'support', bytes: 4_096, peerGroup: 'sales-emea', attributes: { region: 'eu-west-1', app: 'crm' } });
  Object.assign(event.actor, { id: `alice${i % 500}`, roles: ['analyst'], group: 'sales-emea', session: `s${i % 1_000}` });
  Object.assign(event.client, { ip: `10.1.2.${i % 255}`, country: 'DE', device: 'lt-42', userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36' });
  Object.assign(event.resource, { id: `ds/customers-${i % 2_000}`, type: 'dataset', labels: ['pii'] });
  event.principal.id = event.actor.id;
  return event;
}
/** In one piece, as a parsed body is: pieces glued together are read more slowly. */
const flat = (text: string): string => Buffer.from(text).toString();
const chat = (content: string) => (): Event => Object.assign(access(1), { genAi: { ...emptyGenAi(), outputMessages: [{ role: 'assistant', parts: [{ type: 'text', content }] }] } });

function perEvent(policy: Partial<ProtectPolicy>, registers: Partial<Registers>, make: (i: number) => Event, count: number, rounds = ROUNDS): number {
  const stage = createProtector({ registers: { ...emptyRegisters(), ...registers }, policy: { pii: 'mask', secrets: 'mask', pseudonymise: false, ...policy }, pseudonymKey: new Uint8Array(32).fill(7) });
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round += 1) {
    const events = Array.from({ length: count }, (_, i) => make(i));
    const start = performance.now();
    for (const event of events) stage.protectEvent(event);
    best = Math.min(best, performance.now() - start);
  }
  return (best * 1_000) / count;
}

const canaries = Array.from({ length: 1_000 }, (_, i) => CanarySchema.parse({ id: String(i), kind: 'text', value: `copper falcon ${i} of the ${i * 7}th row` }));
print('metadata event', perEvent({}, {}, access, 200), 'µs');
print('metadata event, 1,000 canary texts', perEvent({}, { canaries }, access, 200), 'µs');
print('metadata event, pseudonymised', perEvent({ pseudonymise: true }, {}, access, 200), 'µs');

const read = (path: string): string => readFileSync(path, 'utf8');
const sources = readdirSync('libs/detect/src').filter((file) => file.endsWith('.ts')).map((file) => read(`libs/detect/src/${file}`)).join('\n').slice(0, 16 * KB);
const prose = read('libs/normalize/README.md');
const ascii = prose.replaceAll(/[^\0-\x7f]/g, '-');
const json = read('package-lock.json').slice(0, 16 * KB);
const table = Array.from({ length: 160 }, (_, i) => `${i},person${i}@mail${i % 9}.example.org,+49 30 90${String(1_000 + i)},DE89370400440532013000`).join('\n');
for (const [name, text] of [['prose', ascii], ['prose with other characters', prose], ['code', sources], ['JSON with hashes', json], ['a table of people', table]] as const) print(`scan: ${name}`, microseconds(() => scanText(text)) / (text.length / KB), 'µs/KB');
for (const [name, text] of [['prose', ascii.repeat(3).slice(0, 8 * KB)], ['a table of people', table.slice(0, 8 * KB)]] as const) {
  print(`event with 8 KB: ${name}`, perEvent({}, {}, chat(flat(text)), 1, 10 * ROUNDS) / (text.length / KB), 'µs/KB');
  print(`event with 8 KB: ${name}, 1,000 canary texts`, perEvent({}, { canaries }, chat(flat(text)), 1, 10 * ROUNDS) / (text.length / KB), 'µs/KB');
}
for (const [name, text] of [['prose', ascii], ['code', sources]] as const) print(`injection score, 4 KB: ${name}`, microseconds(() => scorePrompt(text.slice(0, 4 * KB))) / 1_000, 'ms');
