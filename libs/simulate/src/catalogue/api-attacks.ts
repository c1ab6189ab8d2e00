import { agentScribe } from '../activity/agent-day.js';
import { diceOf, overDays, personScribe, timesFrom, workdaysOf, type Stage } from '../abuse/stage.js';
import { customerScribe, type Customer } from '../abuse/customer.js';
import type { NativeResource, SimulatedEvent } from '../native-event.js';
import { recordResource } from '../world/catalogue.js';
import type { Agent } from '../world/machines.js';
import type { Person } from '../world/person.js';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../world/zone.js';
import { userOf, type Played } from './catalogue-case.js';

const RECORDS = 150;
const keyOf = ({ id }: Customer): Played['entities'][number] => ({ type: 'key', id });
const noonOf = (stage: Stage): number => (stage.firstDay * DAY_MS) + 12 * HOUR_MS;

/** AP-2: a customer's key counts claim numbers up, three a second or so: six in ten are not there, some are refused, the others are somebody's. */
export const recordEnumeration = (stage: Stage, customer: Customer): Played => ({
  entities: [keyOf(customer)], description: `${customer.id} asks for ${RECORDS} claims, one number after the other`,
  *events() {
    const dice = diceOf(stage, 'records');
    const scribe = customerScribe(customer, dice, stage.firstDay, stage.id);
    let at = noonOf(stage);
    for (let i = 0; i < RECORDS; i += 1) {
      const record = recordResource('ds/claims', `KM-${4_711_000 + i}`);
      const roll = dice.next();
      at += dice.between(800, 3_000);
      if (roll < 0.6) yield scribe.access(at, 'read', record, { outcome: 'failure', reason: '404 not found' });
      else if (roll < 0.7) yield scribe.access(at, 'read', record, { outcome: 'denied', reason: '403 forbidden' });
      else yield scribe.access(at, 'read', record, { rows: 1, bytes: 680, purpose: 'partner-service' });
    }
  },
});

const FUNCTIONS = ['list_users', 'create_key', 'grant', 'update_policy', 'delete_audit'] as const;

/** AP-3: somebody without an administrative role tries the functions of the console one after the other; one of them does not ask for the role. */
export const functionsAboveRole = (stage: Stage, person: Person): Played => ({
  entities: [userOf(person)], description: `${person.name} (${person.department.id}) tries the functions of the administration`,
  events: () => overDays(stage, workdaysOf(stage, person, 1), function* (day, dice) {
    const scribe = personScribe(person, dice, stage.id);
    const console: NativeResource = { id: 'app/console', type: 'application' };
    let at = person.office.zone.at(day, person.startHour + 3);
    for (const name of FUNCTIONS) yield scribe.access(at += dice.between(0.3, 3) * MINUTE_MS, name, console, { outcome: 'denied', reason: '403 forbidden' });
    yield scribe.access(at + dice.between(1, 3) * MINUTE_MS, 'create_user', console);
  }),
});

const BROKEN = ['400 malformed json', '422 schema violation at /rows/0/amount', '413 payload too large', '415 unsupported media type', '400 invalid type: model must be a string', '422 unexpected field __proto__'] as const;

/** AP-4: 120 requests within eight minutes that break schema, type or size, each in another way. */
export const malformedRequests = (stage: Stage, customer: Customer): Played => ({
  entities: [keyOf(customer)], description: `${customer.id} sends 120 requests that break the contract in many ways`,
  *events() {
    const dice = diceOf(stage, 'fuzz');
    const scribe = customerScribe(customer, dice, stage.firstDay, stage.id);
    for (const time of timesFrom(noonOf(stage), 8 * MINUTE_MS, dice, 120)) yield scribe.inference(time, 'chat', { model: customer.model, inputTokens: 0, outputTokens: 0 }, { outcome: 'failure', reason: dice.pick(BROKEN) });
  },
});

/** AP-6: a customer calls the retired first version of an interface, which still answers: 25 times in two hours. */
export const oldVersionUsed = (stage: Stage, customer: Customer): Played => ({
  entities: [keyOf(customer)], description: `${customer.id} calls a retired version that still answers`,
  *events() {
    const dice = diceOf(stage, 'old');
    const scribe = customerScribe(customer, dice, stage.firstDay, stage.id);
    for (const time of timesFrom(noonOf(stage), 2 * HOUR_MS, dice, 25)) yield scribe.access(time, 'read', { id: '/v1/claims', type: 'endpoint', labels: ['retired'] }, { rows: dice.whole(1, 5), bytes: dice.whole(600, 3_000) });
  },
});

const FORGED = ['http://169.254.169.254/latest/meta-data/iam/security-credentials/', 'http://127.0.0.1:8500/v1/kv/?recurse', 'file:///proc/self/environ'] as const;

/** AP-7: an agent is made to fetch the metadata service, a port of its own machine and a file. */
export const toolToMetadata = (stage: Stage, agent: Agent): Played => ({
  entities: [{ type: 'agent', id: agent.id }], description: `${agent.id} is made to fetch the metadata service of the machine it runs on`,
  *events(): Generator<SimulatedEvent> {
    const dice = diceOf(stage, 'fetch');
    const session = `run-${dice.text('0123456789abcdef', 12)}`;
    const scribe = agentScribe(agent, dice, session, '', stage.id);
    let at = noonOf(stage);
    for (const url of FORGED) yield scribe.tool(at += dice.between(2, 9) * 1_000, 'web_fetch', session, agent.id.slice(6), { args: { url } });
  },
});
