import { EVENT_FLAG, type Event, type GenAi, hasFlag } from '@wary/model/event.js';
import type { Registers } from '@wary/model/registers.js';
import { CanaryIndex } from './canary-index.js';
import { larger } from './content-tally.js';
import { EventMasker, isSomebody } from './event-masker.js';
import { JsonMasker } from './json-masker.js';
import { Masks } from './mask.js';
import { type NameReplacer, PersonNames } from './person-names.js';
import { promptTexts } from './prompt-texts.js';
import { Pseudonyms } from './pseudonym.js';
import { scorePrompt } from './score-prompt.js';
import { type MaskPolicy, Reading, TextMasker } from './text-masker.js';
import { truncateAddress } from './truncate-address.js';

export interface ProtectPolicy extends MaskPolicy {
  readonly pseudonymise: boolean;
}

export interface Protector {
  /** Fills the protect fields in place, masks and pseudonymises, and gives the event back. Doing it again changes nothing. */
  protectEvent(event: Event): Event;
  /** For error messages and the reasons of dead letters. */
  protectText(text: string): string;
  /** Canaries that cannot be looked for, for the log; the rest works. */
  readonly problems: readonly string[];
}

/** Characters of new prompts that are scored for one event. */
export const SCORED_CHARS_MAX = 32_768;

/** Compiles registers and policy once; a new version of them is a new protector. */
export function createProtector({ registers, policy, pseudonymKey }: { registers: Registers; policy: ProtectPolicy; pseudonymKey: Uint8Array }): Protector {
  const canaries = new CanaryIndex(registers.canaries);
  const masks = new Masks(pseudonymKey);
  const persons = new PersonNames(registers.people, new Pseudonyms(pseudonymKey));
  const text = new TextMasker(policy, masks, canaries);
  const parts = new EventMasker(text, new JsonMasker(text), masks, persons, registers);

  function protectEvent(event: Event): Event {
    const { genAi, ml, lifecycle } = event;
    const reading = new Reading(event.tenant, policy.pseudonymise ? replacerOf(event, persons) : null);

    // Look first: what the masks will hide.
    if (canaries.hasIds) touchIds(event, canaries, reading);
    const hasPrompts = genAi !== null && hasContent(genAi);
    if (hasPrompts && !hasFlag(event, EVENT_FLAG.contentSeen)) event.injection = injectionOf(genAi);
    if (hasPrompts || (ml !== null && ml.features !== null)) event.flags |= EVENT_FLAG.contentSeen;

    // Each text is searched for canaries, counted and masked in one go.
    if (genAi !== null) parts.genAi(genAi, reading);
    if (ml !== null) parts.ml(ml, reading);
    if (lifecycle !== null) parts.lifecycle(lifecycle, reading);
    parts.context(event, reading);
    parts.identity(event, reading);

    // Last, because everything before compares ids as they came.
    if (reading.names !== null) pseudonymise(event, reading.names, persons);

    if (reading.tally !== null) {
      event.piiInput = larger(event.piiInput, reading.tally.piiInput());
      event.piiOutput = larger(event.piiOutput, reading.tally.piiOutput());
      event.secretsInput = larger(event.secretsInput, reading.tally.secretsInput());
      event.secretsOutput = larger(event.secretsOutput, reading.tally.secretsOutput());
    }
    if (reading.canaries !== null && reading.canaries.size > 0) event.canaries = [...new Set([...event.canaries, ...reading.canaries])];
    if (reading.masked) event.flags |= EVENT_FLAG.masked;
    return event;
  }

  return { protectEvent, protectText: (value) => text.text(value, null, new Reading('', null)), problems: canaries.problems };
}

const hasContent = (genAi: GenAi): boolean => genAi.inputMessages !== null || genAi.outputMessages !== null || genAi.toolArguments !== null || genAi.toolResult !== null;

/** The highest score among the new texts, to three digits. */
function injectionOf(genAi: GenAi): number {
  let highest = 0;
  let budget = SCORED_CHARS_MAX;
  for (const { text, source } of promptTexts(genAi)) {
    if (budget <= 0) break;
    // Instructions hidden in a long text stand at its start or its end more often than in the middle.
    const scored = text.length <= budget ? text : `${text.slice(0, budget >> 1)}\n${text.slice(-(budget >> 1))}`;
    budget -= scored.length;
    highest = Math.max(highest, scorePrompt(scored, source).score);
  }
  return Math.round(highest * 1_000) / 1_000;
}

function touchIds({ actor, principal, resource, genAi }: Event, canaries: CanaryIndex, reading: Reading): void {
  const touch = (id: string | undefined): void => {
    if (id !== undefined) (reading.canaries ??= new Set()).add(id);
  };
  touch(canaries.resources.get(resource.id));
  // The same page with a query is the same page.
  const query = resource.id.search(/[?#]/);
  if (query > 0) touch(canaries.resources.get(resource.id.slice(0, query)));
  if (resource.type === 'tool') touch(canaries.tools.get(resource.id));
  if (genAi !== null) touch(canaries.tools.get(genAi.toolName));
  touch(canaries.principals.get(actor.id));
  touch(canaries.principals.get(actor.onBehalfOf));
  touch(canaries.principals.get(principal.id));
}

/** Everything on the event that names somebody, and the address a person can be found by. */
function replacerOf(event: Event, persons: PersonNames): NameReplacer {
  const { actor, client, principal, resource, ml } = event;
  const replacer = persons.replacer(event.tenant, [actor.id, actor.onBehalfOf, principal.id, actor.session, client.device, ml === null ? '' : ml.subject, isSomebody(event) ? resource.id : '']);
  if (client.ip !== '') replacer.add(client.ip, truncateAddress(client.ip));
  return replacer;
}

/** Groups, actions and names of things stay, so that peers remain peers. */
function pseudonymise(event: Event, { pseudonymOf }: NameReplacer, persons: PersonNames): void {
  const { actor, client, principal, resource, ml, lifecycle } = event;
  const ownerOf = (name: string): string => (name.includes('@') || persons.isKnown(name) ? pseudonymOf(name) : name);
  actor.id = pseudonymOf(actor.id);
  actor.onBehalfOf = pseudonymOf(actor.onBehalfOf);
  actor.session = pseudonymOf(actor.session);
  principal.id = pseudonymOf(principal.id);
  client.device = pseudonymOf(client.device);
  client.ip = truncateAddress(client.ip);
  resource.owner = ownerOf(resource.owner);
  if (isSomebody(event) || persons.isKnown(resource.id)) resource.id = pseudonymOf(resource.id);
  if (ml !== null) ml.subject = pseudonymOf(ml.subject);
  if (lifecycle !== null) lifecycle.signer = ownerOf(lifecycle.signer);
  event.flags |= EVENT_FLAG.masked;
}
