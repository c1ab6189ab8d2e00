import { Scribe, sourceOf } from '../activity/scribe.js';
import { application } from '../activity/sitting.js';
import { injectionPrompt, REFUSALS } from '../content/injection-prompts.js';
import { assistantMessage, tokensOf, userMessage } from '../content/messages.js';
import { workAnswer, workPrompt } from '../content/work-prompts.js';
import { Dice } from '../dice.js';
import type { SimulatedEvent } from '../native-event.js';
import type { Person } from '../world/person.js';
import type { World } from '../world/world.js';
import type { Scenario } from './scenario.js';

/**
 * One account tries one jailbreak after the other on the assistant: by default 45–90 prompts in 50–150 minutes over a handful of
 * conversations, ten techniques, a quarter of them hidden, every fourth prompt an ordinary one; about half are refused, and the rest
 * answered evasively. Volume alone is not remarkable (ATLAS AML.T0051.000, AML.T0054, AML.T0068).
 */
export function injectionCampaign(world: World, id: string, person: Person, plan: { readonly start: number; readonly spanMs: number; readonly prompts: number }): Scenario {
  return {
    id, kind: 'prompt_injection_campaign', category: 'attack', start: plan.start, entity: { type: 'user', id: person.id },
    description: `${person.name}'s account sends ${plan.prompts} prompts to make the assistant break its rules`,
    *events(): Generator<SimulatedEvent> {
      const dice = new Dice(`${world.seed}/${id}`);
      const actor = { id: person.id, type: 'user' as const, roles: [person.department.id], group: person.department.id, session: `s-${dice.text('0123456789abcdef', 12)}`, mfa: true };
      const scribe = new Scribe(dice, actor, sourceOf(person.home, person.device, person.browser), id);
      let at = plan.start;
      yield scribe.access(at, 'logon', application('app/sso'));
      const gap = plan.spanMs / plan.prompts;
      let conversation = '';
      let context = 0;
      for (let i = 0; i < plan.prompts; i += 1) {
        at += dice.logNormal(gap * 0.8, 0.6);
        if (conversation === '' || dice.chance(0.12)) {
          conversation = `c-${dice.text('0123456789abcdef', 16)}`;
          context = 60;
        }
        const ordinary = dice.chance(0.24);
        const text = ordinary ? workPrompt(person.department.id, dice) : injectionPrompt(dice).text;
        const refused = !ordinary && dice.chance(0.5);
        const answer = refused ? dice.pick(REFUSALS) : workAnswer(dice);
        yield scribe.inference(at, 'chat', {
          model: 'assistant-large', inputTokens: context + tokensOf(text), outputTokens: tokensOf(answer), conversation, finish: refused && dice.chance(0.6) ? 'content_filter' : 'stop', input: userMessage(text), output: assistantMessage(answer, refused ? 'content_filter' : 'stop'),
        });
        context += tokensOf(text) + tokensOf(answer);
      }
    },
  };
}
