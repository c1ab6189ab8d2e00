import { Scribe, sourceOf } from '../activity/scribe.js';
import { fakePerson } from '../content/fake-people.js';
import { assistantMessage, tokensOf, userMessage } from '../content/messages.js';
import { workAnswer } from '../content/work-prompts.js';
import { Dice } from '../dice.js';
import type { SimulatedEvent } from '../native-event.js';
import { officeOf } from '../world/networks.js';
import type { Person } from '../world/person.js';
import type { World } from '../world/world.js';
import type { Scenario } from './scenario.js';

const REQUESTS = ['Clean up this list and remove duplicates:', 'Write a personal letter for each of these customers:', 'Sort by city and make a table:', 'Which of these look like they want to cancel?', 'Group them by household:', 'Turn this export into JSON:'] as const;

/**
 * Somebody pastes a customer export into the general assistant, piece by piece: by default 6–12 prompts of 40–120 rows (name, mail, phone,
 * IBAN or card) in 20–60 minutes, at the desk, in working hours. No single field is secret, the amount is the matter (ATLAS AML.T0057, GDPR 5(1)(c)).
 */
export function personalDataPaste(world: World, id: string, person: Person, plan: { readonly start: number; readonly spanMs: number; readonly pastes: number }): Scenario {
  return {
    id, kind: 'personal_data_paste', category: 'attack', start: plan.start, entity: { type: 'user', id: person.id },
    description: `${person.name} (${person.department.id}) pastes customer data in bulk into the assistant, ${plan.pastes} times`,
    *events(): Generator<SimulatedEvent> {
      const dice = new Dice(`${world.seed}/${id}`);
      const actor = { id: person.id, type: 'user' as const, roles: [person.department.id], group: person.department.id, session: `s-${dice.text('0123456789abcdef', 12)}`, mfa: true };
      const scribe = new Scribe(dice, actor, sourceOf(officeOf(person.office.country), person.device, person.browser), id);
      const conversation = `c-${dice.text('0123456789abcdef', 16)}`;
      let at = plan.start;
      for (let i = 0; i < plan.pastes; i += 1) {
        const rows = Array.from({ length: dice.whole(40, 120) }, () => fakePerson(dice));
        const text = `${dice.pick(REQUESTS)}\n${rows.map((row) => [row.name, row.email, row.phone, dice.chance(0.6) ? row.iban : row.card, row.street, row.city].join('; ')).join('\n')}`;
        const answer = workAnswer(dice);
        yield scribe.inference(at, 'chat', { model: 'assistant-large', inputTokens: tokensOf(text), outputTokens: tokensOf(answer), conversation, finish: 'stop', input: userMessage(text), output: assistantMessage(answer) });
        at += dice.logNormal((plan.spanMs / plan.pastes) * 0.85, 0.5);
      }
    },
  };
}
