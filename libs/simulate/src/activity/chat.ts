import { assistantMessage, systemAndUser, tokensOf, userMessage } from '../content/messages.js';
import { workAnswer, workPrompt } from '../content/work-prompts.js';
import { pause, type Task } from './sitting.js';

const TURNS_MAX = 12;

/** A conversation with a model: a few turns, the context growing with each. A share of the applications logs prompts and answers. */
export const chat: Task = function* (sitting, at) {
  const { dice, scribe, person } = sitting;
  const model = dice.weighted(person.department.models);
  const conversation = `c-${dice.text('0123456789abcdef', 16)}`;
  const logged = dice.chance(sitting.contentShare);
  let context = 0;
  for (let turn = 0; turn < TURNS_MAX; turn += 1) {
    const prompt = logged ? workPrompt(person.department.id, dice) : '';
    const answer = logged ? workAnswer(dice) : '';
    const asked = logged ? tokensOf(prompt) : Math.round(dice.logNormal(90, 1));
    const answered = Math.max(1, logged ? tokensOf(answer) : Math.round(dice.logNormal(230, 0.8)));
    const failed = dice.chance(0.012);
    yield scribe.inference(at, 'chat', {
      model, inputTokens: context + asked, outputTokens: failed ? 0 : answered, conversation,
      ...(logged ? { input: turn === 0 ? systemAndUser(SYSTEM, prompt) : userMessage(prompt), ...(failed ? {} : { output: assistantMessage(answer) }) } : {}),
      ...(failed ? {} : { finish: 'stop' }),
    }, failed ? { outcome: 'error', reason: 'upstream timeout' } : {});
    context += asked + answered;
    at += pause(sitting, 1.4);
    if (dice.chance(0.4)) break;
  }
  return at;
};

const SYSTEM = 'You are the assistant of Kestrel Mutual. Answer briefly. Do not give legal advice.';
