import type { Event, GenAi, Lifecycle, MlDecision } from '@wary/model/event.js';
import { parseIpv4, parseIpv6 } from '@wary/model/ip.js';
import type { Registers } from '@wary/model/registers.js';
import type { JsonMasker } from './json-masker.js';
import type { Masks } from './mask.js';
import type { PersonNames } from './person-names.js';
import { isPlain } from './plain-text.js';
import { scanShallow } from './scan-text.js';
import type { Reading, TextMasker } from './text-masker.js';

/** Resources of these types are somebody: the id says who, like that of an actor. */
const SOMEBODY: ReadonlySet<string> = new Set(['user', 'person', 'account', 'mailbox', 'service', 'key', 'agent', 'device']);
export const isSomebody = (event: Event): boolean => SOMEBODY.has(event.resource.type);

/** Masks the parts of an event, each by what its texts are: content, names of things, ids of somebody. */
export class EventMasker {
  private readonly owners: ReadonlySet<string>;

  constructor(private readonly text: TextMasker, private readonly json: JsonMasker, private readonly masks: Masks, private readonly persons: PersonNames, registers: Registers) {
    this.owners = new Set([...registers.assets, ...registers.models].map((row) => row.owner));
  }

  genAi(genAi: GenAi, reading: Reading): void {
    const { text, json } = this;
    genAi.inputMessages = json.messages(genAi.inputMessages, 'input', reading);
    genAi.outputMessages = json.messages(genAi.outputMessages, 'output', reading);
    genAi.toolArguments = json.json(genAi.toolArguments, 'input', reading);
    genAi.toolResult = json.json(genAi.toolResult, 'output', reading);
    genAi.extra = json.object(genAi.extra, 'system', reading);
    genAi.provider = text.label(genAi.provider, 'context', reading);
    genAi.operation = text.label(genAi.operation, 'context', reading);
    genAi.requestModel = text.label(genAi.requestModel, 'context', reading);
    genAi.responseModel = text.label(genAi.responseModel, 'context', reading);
    genAi.conversationId = text.id(genAi.conversationId, 'context', reading);
    genAi.agentName = text.text(genAi.agentName, 'context', reading);
    genAi.toolName = text.label(genAi.toolName, 'context', reading);
    genAi.finishReasons = this.labels(genAi.finishReasons, reading);
  }

  ml(ml: MlDecision, reading: Reading): void {
    const { text, json } = this;
    ml.features = json.json(ml.features, 'input', reading);
    ml.groups = json.object(ml.groups, 'input', reading);
    ml.attribution = json.object(ml.attribution, 'context', reading);
    ml.truth = json.json(ml.truth, 'context', reading);
    ml.model = text.label(ml.model, 'context', reading);
    ml.version = text.label(ml.version, 'context', reading);
    ml.label = text.label(ml.label, 'context', reading);
    ml.subject = text.idLabel(ml.subject, 'input', reading);
  }

  lifecycle(lifecycle: Lifecycle, reading: Reading): void {
    lifecycle.bom = this.json.json(lifecycle.bom, 'context', reading);
    lifecycle.artifact = this.text.id(lifecycle.artifact, 'context', reading);
    lifecycle.digest = this.text.label(lifecycle.digest, 'context', reading);
    lifecycle.signer = this.owner(lifecycle.signer, reading);
    lifecycle.parents = mapChanged(lifecycle.parents, (parent) => this.text.id(parent, 'context', reading));
  }

  /** What stands beside the content. */
  context(event: Event, reading: Reading): void {
    const { text } = this;
    const { client, resource } = event;
    event.attributes = this.json.object(event.attributes, 'context', reading);
    event.action = text.label(event.action, 'context', reading);
    event.reason = text.text(event.reason, 'context', reading);
    event.purpose = text.label(event.purpose, 'context', reading);
    client.userAgent = text.text(client.userAgent, 'context', reading);
    if (!isAddress(client.ip)) client.ip = text.idLabel(client.ip, 'context', reading);
    client.device = text.idLabel(client.device, 'context', reading);
    if (!isSomebody(event)) resource.id = this.thing(resource.id, reading);
    else resource.id = text.personId(resource.id, reading);
    resource.owner = this.owner(resource.owner, reading);
    resource.type = text.label(resource.type, 'context', reading);
    resource.labels = this.labels(resource.labels, reading);
    // The record says all of it again, so that nothing in it counts; and it names people in too many ways to be pseudonymised.
    event.raw = reading.names === null ? this.json.string(event.raw, null, reading, '') : '';
  }

  /** Who acted. */
  identity(event: Event, reading: Reading): void {
    const { text } = this;
    const { actor, principal } = event;
    const { id, group } = actor;
    actor.id = text.personId(id, reading);
    principal.id = principal.id === id ? actor.id : text.personId(principal.id, reading);
    actor.onBehalfOf = text.personId(actor.onBehalfOf, reading);
    actor.session = text.idLabel(actor.session, 'context', reading);
    actor.group = text.idLabel(group, 'context', reading);
    event.peerGroup = event.peerGroup === group ? actor.group : text.idLabel(event.peerGroup, 'context', reading);
    actor.roles = this.labels(actor.roles, reading);
    // A sender's own id of the event: kept as long as nothing is in it, else hashed, because two ids must never become one.
    if ((!isPlain(event.id) && scanShallow(event.id).length > 0) || (reading.names !== null && reading.names.replace(event.id) !== event.id)) {
      event.id = this.masks.digest(event.tenant, event.id);
      reading.masked = true;
    }
  }

  /** An id that a register knows is an id, whatever it looks like, and known to everybody who may see the register. */
  private thing(id: string, reading: Reading): string {
    return !this.text.isClean(id) && this.isKnown(id) ? this.text.personId(id, reading) : this.text.id(id, 'context', reading);
  }

  private owner(name: string, reading: Reading): string {
    return !this.text.isClean(name) && this.isKnown(name) ? this.text.personId(name, reading) : this.text.idLabel(name, 'context', reading);
  }

  private isKnown(name: string): boolean {
    return this.owners.has(name) || this.persons.isKnown(name);
  }

  private labels(values: readonly string[], reading: Reading): readonly string[] {
    for (const value of values) if (!this.text.isClean(value)) return mapChanged(values, (each) => this.text.label(each, 'context', reading));
    return values;
  }
}

const words = new Uint32Array(4);
const isAddress = (ip: string): boolean => ip === '' || parseIpv4(ip) >= 0 || parseIpv6(ip, words);

/** Lists may be shared with a register: never changed, only replaced. */
function mapChanged(values: readonly string[], change: (value: string) => string): readonly string[] {
  let changed: string[] | undefined;
  for (let i = 0; i < values.length; i += 1) {
    const after = change(values[i]!);
    if (after !== values[i]) (changed ??= [...values])[i] = after;
  }
  return changed ?? values;
}
