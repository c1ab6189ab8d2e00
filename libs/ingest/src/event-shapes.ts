/** A slot for each known field, in the order of `names`; undefined when the record does not have it. */
type Slots = readonly unknown[];

/** The known fields of one object of `wary.event/1`, and how it is made: always with all of them, so that every record has the same hidden class. */
export class Shape {
  private readonly table = new Int8Array(256).fill(-1);
  readonly bytes: readonly Uint8Array[];
  readonly children: readonly (Shape | null)[];
  readonly slots: unknown[];
  /** By field, and at the end for the beginning: the field that came behind it the last time. Senders write the same order again and again. */
  readonly follows: Int8Array;
  /** Fields whose values hardly ever come again: not worth a place in the cache. */
  readonly unique: readonly boolean[];

  constructor(readonly names: readonly string[], readonly build: (slots: Slots) => Record<string, unknown>, children: Readonly<Record<string, Shape>> = {}, unique: readonly string[] = []) {
    this.bytes = names.map((name) => Buffer.from(name));
    this.children = names.map((name) => children[name] ?? null);
    this.unique = names.map((name) => unique.includes(name));
    this.follows = new Int8Array(names.length + 1).fill(0);
    this.slots = new Array<unknown>(names.length).fill(undefined);
    names.forEach((name, field) => {
      let slot = slotOf(name.length, name.charCodeAt(0), name.charCodeAt(name.length - 1));
      while (this.table[slot] !== -1) slot = (slot + 1) & 255;
      this.table[slot] = field;
    });
  }

  /** Index of the field whose name stands between `start` and `end`, -1 when it is none of ours. */
  find(buffer: Uint8Array, start: number, end: number): number {
    const length = end - start;
    if (length === 0) return -1;
    for (let slot = slotOf(length, buffer[start]!, buffer[end - 1]!); ; slot = (slot + 1) & 255) {
      const field = this.table[slot]!;
      if (field < 0) return -1;
      const name = this.bytes[field]!;
      if (name.length !== length) continue;
      let i = 0;
      while (i < length && name[i] === buffer[start + i]) i += 1;
      if (i === length) return field;
    }
  }
}
const slotOf = (length: number, first: number, last: number): number => (length * 31 + first * 7 + last) & 255;

const ACTOR = new Shape(['id', 'type', 'roles', 'group', 'session', 'on_behalf_of', 'mfa'], (s) => ({ id: s[0], type: s[1], roles: s[2], group: s[3], session: s[4], on_behalf_of: s[5], mfa: s[6] }));
const SOURCE = new Shape(['ip', 'country', 'asn', 'device', 'user_agent'], (s) => ({ ip: s[0], country: s[1], asn: s[2], device: s[3], user_agent: s[4] }));
const RESOURCE = new Shape(['id', 'type', 'labels', 'owner'], (s) => ({ id: s[0], type: s[1], labels: s[2], owner: s[3] }));
const GEN_AI = new Shape(
  ['provider.name', 'operation.name', 'request.model', 'response.model', 'usage.input_tokens', 'usage.output_tokens', 'conversation.id', 'input.messages', 'output.messages', 'tool.name', 'agent.name', 'response.finish_reasons'],
  (s) => ({
    'provider.name': s[0], 'operation.name': s[1], 'request.model': s[2], 'response.model': s[3], 'usage.input_tokens': s[4], 'usage.output_tokens': s[5],
    'conversation.id': s[6], 'input.messages': s[7], 'output.messages': s[8], 'tool.name': s[9], 'agent.name': s[10], 'response.finish_reasons': s[11],
  }),
);
export const EVENT_SHAPE = new Shape(
  ['id', 'time', 'kind', 'tenant', 'actor', 'source', 'action', 'outcome', 'reason', 'resource', 'purpose', 'bytes', 'rows', 'latency_ms', 'cost', 'gen_ai', 'ml', 'lifecycle', 'attributes'],
  (s) => ({
    id: s[0], time: s[1], kind: s[2], tenant: s[3], actor: s[4], source: s[5], action: s[6], outcome: s[7], reason: s[8], resource: s[9], purpose: s[10],
    bytes: s[11], rows: s[12], latency_ms: s[13], cost: s[14], gen_ai: s[15], ml: s[16], lifecycle: s[17], attributes: s[18],
  }),
  { actor: ACTOR, source: SOURCE, resource: RESOURCE, gen_ai: GEN_AI }, ['id', 'time'],
);
