import { agentScribe } from '../activity/agent-day.js';
import { application } from '../activity/sitting.js';
import { diceOf, overDays, personScribe, timesAtWork, timesFrom, workdaysOf, type Stage } from '../abuse/stage.js';
import { customerScribe, type Customer } from '../abuse/customer.js';
import { actorOfKey } from '../activity/key-day.js';
import { Scribe, sourceOf } from '../activity/scribe.js';
import { mergeStreams } from '../merge-streams.js';
import type { SimulatedEvent } from '../native-event.js';
import { datasetResource } from '../world/catalogue.js';
import type { Agent, ApiKey } from '../world/machines.js';
import type { Person } from '../world/person.js';
import { DAY_MS, HOUR_MS } from '../world/zone.js';
import { userOf, type Played } from './catalogue-case.js';

const keyOf = ({ id }: { readonly id: string }): Played['entities'][number] => ({ type: 'key', id });
const noonOf = (stage: Stage): number => (stage.firstDay * DAY_MS) + 12 * HOUR_MS;

/** AP-1: on the morning after all passwords have expired, everybody of an office fails once or twice behind its one address. */
export const passwordsExpire = (stage: Stage, people: readonly Person[]): Played => ({
  entities: people.map(userOf), description: `${people.length} people of an office mistype their new passwords`,
  events: () => mergeStreams(people.map((person) => overDays({ ...stage, id: `${stage.id}/${person.id}` }, workdaysOf(stage, person, 1), function* (day, dice) {
    const scribe = personScribe(person, dice, stage.id);
    let at = person.office.zone.at(day, 9) + dice.between(0, 500_000);
    for (let tries = dice.whole(1, 2); tries > 0; tries -= 1) yield scribe.access(at += dice.between(5_000, 20_000), 'logon', application('app/sso'), { outcome: 'failure', reason: 'wrong password' });
    yield scribe.access(at + 12_000, 'logon', application('app/sso'));
  }))),
});

/** AP-2: a partner reads its own claims page by page, two of which have moved. */
export const ownPages = (stage: Stage, key: ApiKey): Played => ({
  entities: [keyOf(key)], description: `${key.id} pages through its own claims`,
  *events() {
    const dice = diceOf(stage, 'pages');
    const scribe = new Scribe(dice, actorOfKey(key), sourceOf(key.place, '', key.userAgent), stage.id);
    for (const [page, time] of timesFrom(noonOf(stage), HOUR_MS, dice, 20).entries()) yield scribe.access(time, 'read', datasetResource('ds/claims'), { attributes: { page }, ...(page % 9 === 7 ? { outcome: 'failure', reason: '404 not found' } : { rows: 3, bytes: 4_000, purpose: 'partner-service' }) });
  },
});

/** AP-3: an administrator gives and takes rights, as every day. */
export const administratorWorks = (stage: Stage, person: Person): Played => ({
  entities: [userOf(person)], description: `${person.name} administers`,
  events: () => overDays(stage, workdaysOf(stage, person, 1), function* (day, dice) {
    const scribe = personScribe(person, dice, stage.id);
    for (const time of timesAtWork(person, day, dice, 5)) yield scribe.access(time, dice.chance(0.7) ? 'grant' : 'revoke', { id: `user/${dice.whole(1, 400)}`, type: 'user' }, { attributes: { grant: 'read', object: 'ds/telemetry', case: 'IT-40' } });
  }),
});

/** AP-4: after a release a customer's client sends one field too many, three times until it is switched back. */
export const brokenRelease = (stage: Stage, customer: Customer): Played => ({
  entities: [keyOf(customer)], description: `A release of ${customer.id} fails three times in the same way`,
  *events() {
    const dice = diceOf(stage, 'release');
    const scribe = customerScribe(customer, dice, stage.firstDay, stage.id);
    for (const time of timesFrom(noonOf(stage), HOUR_MS, dice, 3)) yield scribe.inference(time, 'chat', { model: customer.model, inputTokens: 0, outputTokens: 0 }, { outcome: 'failure', reason: '422 unexpected field trace_id' });
  },
});

function* nothing(): Generator<SimulatedEvent> {}

/** AP-5: a customer moves to another cloud and goes on as before; the world knows from which day on. */
export const cloudMoved = (customer: Customer): Played => ({ entities: [keyOf(customer)], description: `${customer.id} calls from another cloud`, events: nothing });

/** AP-6: a customer has leave to use the retired version until its migration is done. */
export const agreedMigration = (stage: Stage, customer: Customer): Played => ({
  entities: [keyOf(customer)], description: `${customer.id} uses a retired version by agreement`,
  *events() {
    const dice = diceOf(stage, 'old');
    const scribe = customerScribe(customer, dice, stage.firstDay, stage.id);
    for (const time of timesFrom(noonOf(stage), 2 * HOUR_MS, dice, 25)) yield scribe.access(time, 'read', { id: '/v1/claims', type: 'endpoint', labels: ['retired'] }, { rows: dice.whole(1, 5), bytes: dice.whole(600, 3_000), attributes: { case: 'CHG-91' } });
  },
});

/** AP-7: an agent reads public pages, one of them about inside addresses. */
export const toolToPublicPage = (stage: Stage, agent: Agent): Played => ({
  entities: [{ type: 'agent', id: agent.id }], description: `${agent.id} reads public pages about metadata services`,
  *events(): Generator<SimulatedEvent> {
    const dice = diceOf(stage, 'fetch');
    const session = `run-${dice.text('0123456789abcdef', 12)}`;
    const scribe = agentScribe(agent, dice, session, '', stage.id);
    let at = noonOf(stage);
    for (const url of ['https://docs.example.org/cloud/instance-metadata', 'https://news.example.org/127.0.0.1-explained']) yield scribe.tool(at += dice.between(2, 9) * 1_000, 'web_fetch', session, agent.id.slice(6), { args: { url } });
  },
});
