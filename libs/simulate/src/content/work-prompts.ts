import type { Dice } from '../dice.js';
import { fakePerson } from './fake-people.js';

const SLOTS: { readonly [slot: string]: readonly string[] } = {
  product: ['household cover', 'car insurance', 'travel insurance', 'the liability policy', 'pet cover', 'bicycle cover', 'legal protection', 'the fleet contract'],
  damage: ['a burst pipe in the kitchen', 'hail on the roof', 'a rear-end collision', 'a stolen bicycle', 'smoke in the living room', 'a cracked windscreen', 'storm damage to the fence', 'water in the cellar', 'a broken phone screen', 'a lost suitcase'],
  tone: ['friendly', 'short and clear', 'formal', 'calm and helpful', 'apologetic but firm', 'neutral'],
  audience: ['the customer', 'a broker', 'the board', 'new colleagues', 'our regulator', 'the works council', 'the partner garages'],
  format: ['three bullet points', 'one paragraph', 'a table', 'a short mail', 'a checklist', 'two sentences'],
  language: ['German', 'French', 'Spanish', 'Polish', 'Turkish', 'Dutch'],
  topic: ['the new deductible', 'delays in repairs', 'the switch to paperless letters', 'renewals in the fourth quarter', 'call volumes after the storm', 'the bonus scheme', 'the office move', 'the data retention rules'],
  tech: ['TypeScript', 'Python', 'SQL', 'Terraform', 'Go', 'a shell script', 'a Helm chart'],
  bug: ['a race between two workers', 'a slow join', 'an off-by-one in the pager', 'a memory leak in the parser', 'a flaky end-to-end test', 'a time-zone error at midnight', 'a dead-lock in the migration'],
  metric: ['loss ratio', 'claims per policy', 'time to first answer', 'churn', 'cost per claim', 'conversion', 'share of straight-through claims'],
  period: ['last week', 'October', 'the third quarter', 'the last twelve months', 'this year so far', 'the storm weekend'],
};

/** What people of a department ask a model; `{slot}` is drawn from the lists above, so that no two days read the same. */
export const PROMPTS: { readonly [department: string]: readonly string[] } = {
  claims: [
    'Summarise this claim in {format}: {damage}, reported two days late, photos attached, no police report.',
    'Draft a {tone} letter to {audience} asking for the missing invoice about {damage}.',
    'Does {product} usually cover {damage} when the owner was away for three weeks?',
    'Translate the following reply to {language}: we have received your documents about {damage} and will answer within five working days.',
    'List the questions I should ask on the phone about {damage}.',
    'Compare the two repair estimates below for {damage} and tell me which positions differ: 1,240 against 1,910, labour 14 against 22 hours.',
    'Write {format} explaining why we pay only part of the claim for {damage} under {product}.',
  ],
  support: [
    'A customer asks how to change the address on {product}. Answer in {format}, {tone}.',
    'Rewrite this so that it sounds {tone}: we cannot cancel {product} before the end of the term.',
    'Explain the difference between {product} and {product} to {audience}.',
    'What should I tell a caller who is angry about {topic}?',
    'Turn these call notes into {format}: called twice, wants a call back, asked about {topic}, has {product}.',
    'Translate to {language}: your documents for {product} are on their way.',
    'Ignore the formatting of the text below and give me only its facts as {format}: caller reports {damage}, holds {product}, wants news by Friday.',
  ],
  engineering: [
    'Review this {tech} function for {bug}: it retries five times and sleeps in between.',
    'Write a unit test in {tech} that would have caught {bug}.',
    'Explain in {format} why {bug} only shows under load.',
    'How do I override the default settings of the linter for one folder in {tech}?',
    'Refactor the handler so that it does not ignore previous errors: it swallows everything but the last one. Use {tech}.',
    'What is the idiomatic way in {tech} to stream a large file with back-pressure?',
    'Draft the pull request text for a fix of {bug}, {format}.',
  ],
  sales: [
    'Write a {tone} mail to {audience} about {product} and {topic}.',
    'Give me {format} on why {product} is worth its price for a small bakery.',
    'Summarise the meeting about {topic} as {format}.',
    'What objections will {audience} have to {topic}, and how do I answer them?',
    'Shorten this offer for {product} to {format}.',
    'Translate our pitch for {product} to {language}.',
  ],
  'data-science': [
    'Write {tech} that computes {metric} for {period} by region with a confidence interval.',
    'Why would {metric} rise in {period} while volumes fall? Give {format}.',
    'Suggest features for a model of {metric}; we have policy age, region and history of {product}.',
    'Explain to {audience} in {format} what calibration of a fraud score means.',
    'Is a t-test right to compare {metric} between two claim teams in {period}?',
    'Turn this query into {tech} and point out {bug}.',
  ],
  finance: [
    'Explain the change of {metric} in {period} to {audience} in {format}.',
    'Draft a {tone} reminder for an invoice that is 30 days late.',
    'Which accounts are touched when we accrue costs for {topic}?',
    'Turn these figures into {format}: {metric} 61 %, plan 58 %, {period} 64 %.',
    'What should the note on {topic} in the annual report contain?',
  ],
  hr: [
    'Write a {tone} announcement about {topic} for {audience}.',
    'Draft interview questions for a claims handler with experience in {product}, as {format}.',
    'Summarise the works agreement on {topic} in {format}.',
    'Translate the onboarding plan to {language}.',
    'How do I answer a question about parental leave in {format}?',
  ],
  marketing: [
    'Give me ten headlines for {product}, {tone}.',
    'Write a blog post on how to avoid {damage}, for {audience}.',
    'Rewrite this landing page text to be {tone}: we insure what you love.',
    'Plan a campaign around {topic} for {period} as {format}.',
    'Which search terms would people use after {damage}?',
  ],
  'it-operations': [
    'Write a runbook as {format} for {bug} in production.',
    'Give me {tech} that lists certificates that expire within 30 days.',
    'What does this log line point to: connection reset after handshake, {bug}?',
    'How do I disable the old cipher suites without breaking {product}?',
    'Summarise the post-mortem of {period} in {format}.',
  ],
  customers: [
    'Hi, does my {product} cover {damage}?',
    'How long does it take until you decide about {damage}?',
    'I want to cancel {product}, what do I have to do?',
    'Can you explain {topic} to me please?',
    'My garage says they still wait for your approval, what is going on?',
    'Where do I find the papers for {product}?',
    'Can I add my daughter to {product}?',
    'I moved house, which documents do you need for {product}?',
  ],
};

const ANSWERS: readonly string[] = [
  'Here is a draft you can use. ', 'In short: yes, with two conditions. ', 'There are three points to check. ', 'The usual way is the following. ', 'I would keep it simple. ', 'Based on what you wrote, this is my suggestion. ',
];
const SENTENCES: readonly string[] = [
  'First confirm the date on which {damage} was noticed and note who reported it.', 'The terms of {product} name a deductible, so the payment is lower than the invoice.', 'For {audience} a {tone} wording works best, without abbreviations.',
  'The figure for {metric} in {period} should be compared with the same stretch of last year.', 'If {bug} is the cause, a smaller batch hides it and a larger one shows it at once.', 'Please check {topic} with the responsible team before you send it.',
  'A table with one row per case makes the differences visible.', 'Attach the photos and the estimate, then set a reminder for five working days.', 'In {tech} the standard library already has what you need.', 'Keep the subject line below sixty characters.',
  'You may want to mention {topic} in one sentence at the end.', 'There is no need to repeat the policy number in the text.', 'The second option costs more time but is easier to explain to {audience}.',
];

function fill(template: string, dice: Dice): string {
  return template.replace(/\{(\w+)\}/g, (_, slot: string) => dice.pick(SLOTS[slot]!));
}

/**
 * A prompt of daily work. Some hold what people put into prompts although they should not: a customer's mail address or number here and
 * there, rarely a whole small table; that is the background against which a bulk paste stands out.
 */
export function workPrompt(department: string, dice: Dice): string {
  const text = fill(dice.pick(PROMPTS[department] ?? PROMPTS['support']!), dice);
  if (department === 'engineering' || department === 'it-operations') return text;
  const person = fakePerson(dice);
  const roll = dice.next();
  if (roll < 0.07) return `${text} It is about ${person.name}, ${person.email}.`;
  if (roll < 0.11) return `${text} Call back: ${person.name}, phone ${person.phone}.`;
  if (roll < 0.12) return `${text} Refund to ${person.iban}.`;
  if (roll < 0.122) return `${text}\n${Array.from({ length: dice.whole(4, 9) }, () => fakePerson(dice)).map(({ name, email }) => `${name}; ${email}`).join('\n')}`;
  return text;
}

/** A model's answer: an opening and a few sentences. */
export function workAnswer(dice: Dice): string {
  let text = dice.pick(ANSWERS);
  for (let i = dice.whole(1, 6); i > 0; i -= 1) text += `${fill(dice.pick(SENTENCES), dice)} `;
  return text.trimEnd();
}
