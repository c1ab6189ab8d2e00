import type { AnalyticId } from '@wary/detect/analytics.js';
import type { Event } from '@wary/model/event.js';
import { buildEvent, inTimeOrder, principalOf, type EventParts } from './event-builder.js';
import { MODEL_STREAM_START, modelStream, type ModelStreamOptions } from './model-stream.js';
import { OFFICE_START, officeStream } from './office-stream.js';
import { taskStream, type TaskStreamOptions } from './task-stream.js';
import { dayOfStream, sourceStream, streamDay, type SourceStreamOptions } from './source-streams.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const DAYS = 24;
/** Thursday of the fourth week. */
const THURSDAY = OFFICE_START + DAYS * DAY_MS;
const MORNING = THURSDAY + 10 * HOUR_MS;
const SUNDAY_NIGHT = THURSDAY + 3 * DAY_MS + 3 * HOUR_MS;
/** Growth has a history of its own: two weeks longer, of more people who do less, so that many days have been judged before it begins. */
const QUIET_DAYS = DAYS + 14;
const QUIET_MORNING = MORNING + 14 * DAY_MS;
/** Working days from a Thursday on. */
const WORKDAYS_AFTER = [0, 1, 4, 5, 6, 7, 8, 11, 12, 13, 14, 15, 18, 19];
/** Requests on each of them: twelve per cent more from day to day. */
const growing = (nth: number): number => Math.round(6 * 1.12 ** nth);
const USERS = 50;

export interface DetectorEngineCase {
  readonly id: AnalyticId;
  /** What the whole engine has learned before; cases with the same name share it. */
  readonly history: 'office' | 'quiet' | 'sources' | 'models' | 'tasks';
  /** What it must find, done by the `n`-th of several victims. */
  readonly attack: (n: number) => Event[];
  /** Of which entity the finding is. */
  readonly entity: (n: number) => string;
  /** Something like it that is all right. */
  readonly benign: (n: number) => Event[];
  /** Without a history it must be silent: it cannot know what is usual. */
  readonly learns: boolean;
}

const WATCH_DAY = 35;
const MODEL_DAYS = 15;
const DESK = 20;
/** Two people touch a canary each working day, so that there is a rate to shift. */
const withCanaries = (event: Event): Event => (event.source === 'otlp' && /-[01]$/.test(event.id) ? { ...event, canaries: ['customer-1'] } : event);
const HISTORIES = { office: officeHistory, quiet: () => officeStream({ seed: 6, users: 60, days: QUIET_DAYS, groups: 2, requestsPerHour: 0.5 }), sources: () => sourceStream({ days: WATCH_DAY, change: withCanaries }), models: () => modelStream({ days: MODEL_DAYS }), tasks: () => taskStream({ people: DESK, days: DAYS, seed: 3 }) } as const;
export const historyOf = (name: DetectorEngineCase['history']): Event[] => HISTORIES[name]();

/** People with files and some chats with a model, and a few agents with the same two steps each day. */
function officeHistory(): Event[] {
  const office = officeStream({ seed: 6, users: USERS, days: DAYS, groups: 2, requestsPerHour: 1.2 });
  const clients = new Map(office.map(({ actor, client }) => [actor.id, client]));
  const genAi = (i: number): Event['genAi'] => buildEvent({ genAi: { requestModel: 'large', inputTokens: 200 + (i % 50) * 10, outputTokens: 100 } }).genAi;
  const chats = officeStream({ seed: 7, users: USERS, days: DAYS, groups: 2, requestsPerHour: 0.4 }).map((event, i): Event => ({
    ...event, id: `chat-${i}`, kind: 'inference', action: 'chat', outcome: 'success', bytes: null, cost: 0.01 + (i % 7) * 0.004, genAi: genAi(i), resource: { ...event.resource, id: 'large', type: 'model' }, client: clients.get(event.actor.id)!,
  }));
  const agents = Array.from({ length: DAYS * 5 }, (_, i) => {
    const at = OFFICE_START + Math.floor(i / 5) * DAY_MS + 9 * HOUR_MS;
    const agent = principalOf('agent', `agent/helper-${i % 5}`);
    return [
      buildEvent({ ...agent, id: `agent-read-${i}`, time: at, action: 'read', resource: { id: 'ds/leads', type: 'dataset', labels: ['pii'] } }),
      buildEvent({ ...agent, id: `agent-send-${i}`, time: at + 60_000, action: 'send', resource: { id: 'host/crm.example', type: 'host' } }),
    ];
  }).flat();
  return inTimeOrder([...office, ...chats, ...agents]);
}

/** Victims lie apart in the two teams. */
const user = (n: number): string => `user-${8 + 6 * n}`;
const agent = (n: number): string => `agent/helper-${n % 5}`;
/** Where the victim always is: the place, not the moment, is taken from the office. */
let places: Map<string, Event['client']> | null = null;
const placeOf = (id: string): Event['client'] => (places ??= new Map(officeStream({ seed: 6, users: USERS, days: 1, groups: 2, requestsPerHour: 1.2 }).map(({ actor, client }) => [actor.id, client]))).get(id) ?? buildEvent().client;

const of = (n: number, name: string, count: number, gapMs: number, parts: (index: number) => EventParts, start = MORNING): Event[] => Array.from({ length: count }, (_, i) => buildEvent({
  actor: { id: user(n), group: 'team-0' }, peerGroup: 'team-0', client: placeOf(user(n)), id: `${name}-${n}-${i}`, time: start + i * gapMs, resource: { id: `files/${user(n)}/${i % 3}`, type: 'file' }, ...parts(i),
}));
const chat = (n: number, name: string, count: number, parts: (index: number) => EventParts): Event[] =>
  of(n, name, count, 60_000, (i) => ({ kind: 'inference', action: 'chat', genAi: { requestModel: 'large', inputTokens: 300, outputTokens: 100 }, resource: { id: 'large', type: 'model' }, cost: 0.02, ...parts(i) }));
const byAgent = (n: number, name: string, steps: ReadonlyArray<EventParts>): Event[] => steps.map((step, i) => buildEvent({ ...principalOf('agent', agent(n)), id: `${name}-${n}-${i}`, time: MORNING + i * 60_000, ...step }));

const ordinary = (n: number): Event[] => of(n, 'ordinary', 3, 20 * 60_000, () => ({ action: 'read' }));
const office = (id: AnalyticId, attack: DetectorEngineCase['attack'], over: Partial<DetectorEngineCase> = {}): DetectorEngineCase => ({ id, history: 'office', attack, entity: user, benign: ordinary, learns: true, ...over });
const certain = (id: AnalyticId, attack: DetectorEngineCase['attack'], benign: DetectorEngineCase['benign'], over: Partial<DetectorEngineCase> = {}): DetectorEngineCase => office(id, attack, { benign, learns: false, ...over });

const stranger = { ip: '198.51.100.9', country: 'SG', asn: 64_500, userAgent: 'curl/8.5' };
const READ_LEADS: EventParts = { action: 'read', resource: { id: 'ds/leads', type: 'dataset', labels: ['pii'] } };

/** The days that follow the other history. */
const LATER_DAYS = 2;
type Change = Omit<SourceStreamOptions, 'days' | 'seed'>;
const later = (n: number, { change = (event) => event, ...rest }: Change): Event[] =>
  sourceStream({ ...rest, days: WATCH_DAY + LATER_DAYS, seed: 3 + n, change: (event) => change(withCanaries(event)) }).filter(({ time }) => time >= streamDay(WATCH_DAY));
const watch = (id: AnalyticId, entity: string, wrong: Change, benign: Change): DetectorEngineCase => ({ id, history: 'sources', attack: (n) => later(n, wrong), entity: () => entity, benign: (n) => later(n, benign), learns: true });

/** Days of the model after its history, with what is different then. */
const modelLater = (n: number, days: number, change: ModelStreamOptions['change']): Event[] =>
  modelStream({ days: MODEL_DAYS + days, seed: 20 + n, ...(change === undefined ? {} : { change }) }).filter(({ time, kind }) => time >= MODEL_STREAM_START + MODEL_DAYS * DAY_MS + (kind === 'outcome' ? 2 * HOUR_MS : 0));
const model = (id: AnalyticId, days: number, wrong: ModelStreamOptions['change'], benign: ModelStreamOptions['change']): DetectorEngineCase => ({ id, history: 'models', attack: (n) => modelLater(n, days, wrong), entity: () => 'fraud', benign: (n) => modelLater(n, days, benign), learns: true });

/** A dozen people, each once or twice within an hour, from one network; and hours later somebody, so that time goes on. */
const fromOneNetwork = (n: number, parts: EventParts): Event[] => [
  ...Array.from({ length: 12 }, (_, i) => {
    const id = `user-${(7 * n + 4 * i) % USERS}`;
    return buildEvent({ actor: { id, group: 'team-0' }, peerGroup: `team-${((7 * n + 4 * i) % USERS) % 2}`, id: `sprayed-${n}-${i}`, time: MORNING + i * 4 * 60_000, client: { ...placeOf(id), asn: 64_600 + n }, resource: { id: `files/${id}/0`, type: 'file' }, ...parts });
  }),
  ...of(n, 'later', 1, 0, () => ({}), MORNING + 5 * HOUR_MS),
];

/** The desk's Thursday. */
const taskDay = (n: number, options: Partial<TaskStreamOptions>): Event[] => taskStream({ people: DESK, days: DAYS + 1, seed: 40 + n, ...options }).filter(({ time }) => time >= THURSDAY);

export const DETECTOR_CASES: readonly DetectorEngineCase[] = [
  office('volume', (n) => of(n, 'volume', 120, 20_000, () => ({ action: 'download', bytes: 4_000_000 }))),
  office('breadth', (n) => of(n, 'breadth', 40, 80_000, (i) => ({ resource: { id: `files/team-1/other-${i}`, type: 'file' } }))),
  office('failures', (n) => of(n, 'failures', 25, 60_000, () => ({ outcome: 'denied', reason: 'no permission' }))),
  office('cost_tokens', (n) => chat(n, 'cost', 3, () => ({ cost: 400, genAi: { requestModel: 'large', inputTokens: 900_000, outputTokens: 500_000 } })), { benign: (n) => chat(n, 'cost-usual', 2, () => ({})) }),
  office('novelty', (n) => of(n, 'novelty', 3, 60_000, () => ({ client: stranger, action: 'assume_role', resource: { id: 'vault/keys', type: 'vault' } }))),
  office('off_hours', (n) => of(n, 'off', 2, 60_000, () => ({}), SUNDAY_NIGHT)),
  office('activity', (n) => [
    ...of(n, 'stick', 4, 60_000, (i) => ({ action: i === 0 ? 'connect' : 'copy', resource: { id: `device/${i}`, type: i === 0 ? 'removable_media' : 'file', labels: i === 0 ? [] : ['removable_media'] } }), SUNDAY_NIGHT),
    ...of(n, 'leak', 2, 60_000, () => ({ action: 'upload', resource: { id: 'drop.example', type: 'website', labels: ['file_sharing'] } }), SUNDAY_NIGHT + HOUR_MS),
    ...of(n, 'mail', 2, 60_000, () => ({ action: 'send', resource: { id: 'mail/other', type: 'mail', labels: ['external'] } }), SUNDAY_NIGHT + HOUR_MS),
  ]),
  { id: 'sequence', history: 'tasks', learns: true, entity: (n) => `agent-${3 * n}`, attack: (n) => taskDay(n, { orderOf: (who, _day, usual) => (who === 3 * n ? [...usual].reverse() : usual) }), benign: (n) => taskDay(n, { tasksOf: () => 8 }) },
  office('growth', (n) => WORKDAYS_AFTER.flatMap((day, nth) => of(n, `growth-${day}`, growing(nth), 14 * 60_000, () => ({ action: 'read' }), QUIET_MORNING - HOUR_MS + day * DAY_MS)), { history: 'quiet', benign: (n) => of(n, 'once', 12, 15 * 60_000, () => ({ action: 'read' }), QUIET_MORNING - HOUR_MS) }),
  office('repeats', (n) => of(n, 'record', 30, 150_000, (i) => ({ resource: i % 2 === 0 ? { id: 'record/4711', type: 'file' } : { id: `files/${user(n)}/${i % 6}`, type: 'file' } }), MORNING - HOUR_MS), { benign: (n) => of(n, 'record-once', 8, 9 * 60_000, (i) => ({ resource: { id: `record/${i % 5}`, type: 'file' } })) }),
  office('changes', (n) => of(n, 'change', 12, 10 * 60_000, (i) => ({ action: i === 0 ? 'disable' : 'delete', resource: i === 0 ? { id: 'logging/large', type: 'logging' } : { id: `files/${user(n)}/${i % 6}`, type: 'file' } }))),
  office('concurrent_use', (n) => of(n, 'shared', 16, 6 * 60_000, (i) => (i % 2 === 0 ? {} : { client: { ip: '198.51.100.77', country: 'DE', asn: 64_501, userAgent: 'Mozilla/5.0 Firefox/146.0', device: 'lt-7' } })), { benign: (n) => of(n, 'moved', 8, 6 * 60_000, (i) => (i < 4 ? {} : { client: { ip: '198.51.100.77', country: 'DE', asn: 64_501, userAgent: 'Mozilla/5.0 Firefox/146.0', device: 'lt-7' } })) }),
  office('other_purpose', (n) => [0, 1, 4].flatMap((day) => of(n, `purpose-${day}`, 4, 20 * 60_000, () => ({ action: 'read', purpose: 'support' }), MORNING + day * DAY_MS))),
  certain('canary', (n) => of(n, 'canary', 3, 60_000, () => ({ canaries: ['customer-4711'], resource: { id: 'ds/customers', type: 'dataset' } })), ordinary),
  certain('secret_in_output', (n) => chat(n, 'secret', 2, () => ({ secretsOutput: { aws_key: 1, jwt: 2 } })), (n) => chat(n, 'secret-typed', 2, () => ({ secretsInput: { aws_key: 1 } }))),
  certain('personal_data_bulk', (n) => chat(n, 'paste', 3, () => ({ piiInput: { email: 60, iban: 40 } })), (n) => chat(n, 'mail', 3, () => ({ piiInput: { email: 2 } }))),
  certain('purpose', (n) => of(n, 'purpose', 2, 60_000, () => ({ purpose: 'marketing', purposeVerdict: 'denied', resource: { id: 'ds/payroll', type: 'dataset' } })), (n) => of(n, 'allowed', 2, 60_000, () => ({ purpose: 'support', purposeVerdict: 'allowed' }))),
  certain('impossible_travel', (n) => of(n, 'travel', 3, 600_000, (i) => ({ client: i === 1 ? stranger : { ...placeOf(user(n)), ip: '192.0.2.7', asn: 64_600 + n } })), ordinary),
  certain('sensitive_egress', (n) => byAgent(n, 'leak', [{ action: 'read', resource: { id: 'secret/prod/db', type: 'secret' } }, { action: 'send', resource: { id: 'https://drop.example/x', type: 'host' }, bytes: 9_000 }]),
    (n) => byAgent(n, 'report', [READ_LEADS, { action: 'send', resource: { id: 'host/crm.example', type: 'host' } }]), { entity: agent, learns: true }),
  office('injection_campaign', (n) => chat(n, 'inject', 24, (i) => ({ injection: i % 4 === 3 ? 0 : 0.95 })), { benign: (n) => chat(n, 'chat-usual', 24, (i) => ({ injection: i === 7 ? 0.6 : 0 })), learns: false }),
  { id: 'campaign', history: 'office', learns: true, entity: (n) => `AS${64_600 + n}`, attack: (n) => fromOneNetwork(n, { outcome: 'denied', reason: 'wrong password' }), benign: (n) => fromOneNetwork(n, {}) },
  watch('silent_source', 'wary/source/nginx', { sends: (source, time) => source !== 'nginx' || time < streamDay(WATCH_DAY, 10) }, { sends: (source, time) => source === 'nginx' || dayOfStream(time) > WATCH_DAY }),
  watch('firing_shift', 'wary/detector/canary', { change: (event) => (event.source === 'otlp' && dayOfStream(event.time) === WATCH_DAY ? { ...event, canaries: ['customer-1', 'customer-2', 'customer-3'] } : event) }, { change: (event) => (event.source === 'otlp' && event.id.endsWith('-2') ? { ...event, canaries: ['customer-1'] } : event) }),
  watch('starved_baseline', 'type:user', { change: (event) => (event.source === 'otlp' ? { ...event, actor: { ...event.actor, id: `pseudonym-${event.id}` }, principal: { ...event.principal, id: `pseudonym-${event.id}` } } : event) }, { change: (event) => (event.source === 'otlp' && event.id.endsWith('-3') ? { ...event, principal: { ...event.principal, id: `joiner-${dayOfStream(event.time)}` } } : event) }),
  watch('entity_flood', 'type:service', { change: (event) => (event.source === 'nginx' ? { ...event, actor: { ...event.actor, id: `made-up-${event.id}` }, principal: { ...event.principal, id: `made-up-${event.id}` } } : event) }, { change: (event) => (event.source === 'nginx' && event.id.endsWith('-3') ? { ...event, principal: { ...event.principal, id: `new-${event.id}` } } : event) }),
  watch('coverage_gap', 'wary/source/nginx', { change: (event) => (event.source === 'nginx' ? { ...event, bytes: null } : event) }, { change: (event) => (event.source === 'nginx' && event.id.endsWith('-3') ? { ...event, bytes: null } : event) }),
  model('drift', 2, (decision) => { decision.amount *= 1.6; }, (decision, hour) => { if (hour % 24 === 10) decision.amount *= 1.6; }),
  model('retraining', 2, (decision, _hour, random) => { decision.wrong = random.next() < 0.25; }, (decision) => { decision.amount *= 1.6; }),
  { ...model('group_gap', 2, (decision, _hour, random) => { if (decision.group === 'f' && random.next() < 0.4) decision.label = 'decline'; }, (decision, _hour, random) => { if (random.next() < 0.1) decision.label = 'decline'; }), learns: false },
  { ...model('version_gap', 2, (decision, _hour, random) => { if (random.next() < 0.5) { decision.version = '8'; decision.wrong = random.next() < 0.4; } }, (decision, _hour, random) => { if (random.next() < 0.5) decision.version = '8'; }), learns: false },
];
