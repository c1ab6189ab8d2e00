import { assistantMessage, userMessage } from '../content/messages.js';
import { workAnswer, workPrompt } from '../content/work-prompts.js';
import { Dice } from '../dice.js';
import type { NativeActor, NativeResource, SimulatedEvent } from '../native-event.js';
import { datasetResource, secretResource } from '../world/catalogue.js';
import { userAgentOfAgent, type Agent } from '../world/machines.js';
import type { World } from '../world/world.js';
import { arrivals } from './day-curve.js';
import { documentResource, newestDocument } from './documents.js';
import { Scribe, sourceOf } from './scribe.js';

type Stream = Generator<SimulatedEvent, number, undefined>;

/** Places an agent sends to in its ordinary work. */
const USUAL_HOSTS: { readonly [work in Agent['work']]: readonly string[] } = {
  triage: ['host/tracker.kestrel.example'], operations: ['host/chat.kestrel.example', 'host/status.kestrel.example'], research: ['host/wiki.kestrel.example'], reconcile: ['host/mail.kestrel.example'], claims: [],
};
const SITES = ['news.example.org', 'rates.example.com', 'regulator.example.net', 'weather.example.org', 'statistics.example.com', 'press.example.net', 'docs.example.org'] as const;
const USUAL_SECRETS: { readonly [work in Agent['work']]?: readonly string[] } = { operations: ['secret/ops/ticket-bot', 'secret/ci/deploy-token'], reconcile: ['secret/prod/mail-relay'] };

export const hostResource = (id: string): NativeResource => ({ id, type: 'host' });
export const ticketResource = (number: number): NativeResource => ({ id: `ticket/${number}`, type: 'application' });

export function agentScribe(agent: Agent, dice: Dice, session: string, onBehalfOf: string, label?: string): Scribe {
  const actor: NativeActor = { id: agent.id, type: 'agent', group: 'agents', session, ...(onBehalfOf === '' ? {} : { on_behalf_of: onBehalfOf }) };
  return new Scribe(dice, actor, sourceOf(agent.place, '', userAgentOfAgent(agent)), label);
}

/** One UTC day of an agent: runs, each a session of thinking, tools and what the tools touch. */
export function* agentDay(world: World, agent: Agent, day: number): Generator<SimulatedEvent, void, undefined> {
  const dice = new Dice(`${world.seed}/${agent.id}/${day}`);
  let free = 0;
  for (const arrival of arrivals(world, dice, day, agent.work === 'reconcile' ? 'europe' : 'business', agent.runsPerDay)) {
    const session = `run-${dice.text('0123456789abcdef', 12)}`;
    const holders = agent.autonomous ? [] : world.people.filter((person) => person.department.id === 'claims' && day > person.joinDay);
    const scribe = agentScribe(agent, dice, session, holders.length === 0 ? '' : dice.pick(holders).id);
    free = yield* run(world, agent, scribe, session, day, Math.max(arrival, free));
  }
}

function* run(world: World, agent: Agent, scribe: Scribe, session: string, day: number, start: number): Stream {
  const { dice } = scribe;
  const name = agent.id.slice(6);
  const logged = dice.chance(world.contentShare);
  let at = start;
  const think = (): SimulatedEvent => {
    const event = scribe.inference(at, 'chat', {
      model: agent.model, inputTokens: Math.round(dice.logNormal(1_600, 0.5)), outputTokens: Math.round(dice.logNormal(140, 0.6)), conversation: session, finish: 'tool_calls', extra: { 'agent.name': name },
      ...(logged ? { input: userMessage(`Task: ${workPrompt('support', dice)}`), output: assistantMessage(workAnswer(dice)) } : {}),
    });
    at += dice.logNormal(2_500, 0.5);
    return event;
  };
  const step = (): number => (at += dice.logNormal(1_400, 0.6));

  yield think();
  for (let left = 1 + dice.poisson(1); left > 0; left -= 1) {
    const roll = dice.next();
    switch (agent.work) {
      case 'triage':
        yield scribe.tool(at, 'read_ticket', session, name, { resource: ticketResource(dice.whole(40_000, 99_999)) });
        step();
        if (roll < 0.5) yield scribe.tool(at, 'search_wiki', session, name);
        else yield scribe.access(at, 'write', ticketResource(dice.whole(40_000, 99_999)), { bytes: dice.whole(200, 2_000) });
        break;
      case 'operations':
        if (roll < 0.35) yield scribe.tool(at, 'web_fetch', session, name, { args: { url: `https://${dice.pick(SITES)}/status` } });
        else if (roll < 0.5) yield scribe.access(at, 'read', secretResource(dice.pick(USUAL_SECRETS.operations!)), { bytes: 64, purpose: 'operations' });
        else if (roll < 0.75) yield scribe.tool(at, 'run_job', session, name, { args: { job: `job-${dice.whole(1, 40)}` } });
        else yield scribe.access(at, 'send', hostResource(dice.pick(USUAL_HOSTS.operations)), { bytes: dice.whole(300, 3_000) });
        break;
      case 'research':
        if (roll < 0.6) yield scribe.tool(at, 'web_fetch', session, name, { args: { url: `https://${dice.pick(SITES)}/${dice.text('abcdefghijklmnop', 6)}` } });
        else if (roll < 0.8) yield scribe.access(at, 'read', documentResource('marketing', newestDocument(day) - dice.zipf(200, 1.1)), { bytes: dice.logNormal(120_000, 0.8) });
        else yield scribe.access(at, 'send', hostResource(USUAL_HOSTS.research[0]!), { bytes: dice.whole(2_000, 40_000) });
        break;
      case 'reconcile':
        yield scribe.access(at, 'read', datasetResource(dice.chance(0.6) ? 'ds/invoices' : 'ds/ledger'), { purpose: 'financial-reporting', rows: dice.whole(5, 400), bytes: dice.whole(1_000, 80_000) });
        step();
        if (roll < 0.15) yield scribe.access(at, 'read', secretResource(USUAL_SECRETS.reconcile![0]!), { bytes: 64, purpose: 'operations' });
        else if (roll < 0.35) yield scribe.access(at, 'send', hostResource(USUAL_HOSTS.reconcile[0]!), { bytes: dice.whole(1_000, 20_000) });
        break;
      case 'claims':
        yield scribe.access(at, 'read', datasetResource('ds/claims'), { purpose: 'claims-handling', rows: dice.whole(1, 4), bytes: dice.whole(600, 4_000), attributes: { case: `KM-${dice.text('0123456789', 7)}` } });
        step();
        yield scribe.tool(at, roll < 0.6 ? 'search_policy' : 'draft_letter', session, name);
        break;
    }
    step();
    if (dice.chance(0.5)) yield think();
  }
  return at;
}
