import { Buffer } from 'node:buffer';
import type { ForwardedRecord, Frontier } from '@wary/detect/forwarded-record.js';
import type { CorrelatedEvent } from '@wary/model/correlated-event.js';
import { TOPICS } from '@wary/model/topics.js';
import type { SourceMessage } from '@wary/ports/event-source.port.js';
import type { MessageSink, SinkMessage } from '@wary/ports/message-sink.port.js';
import { RecordError } from './event-record.js';

/**
 * What a partition tells the correlations: what they read of an event (`again`: it was judged before, by a state that could not be read any
 * more), how far it has come with a tenant, or that it has nothing more to read.
 */
export type MatchRecord = { readonly record: ForwardedRecord; readonly again?: boolean } | { readonly frontier: Frontier } | { readonly caughtUp: number; readonly read: readonly number[] };
/** Of a message: events of one tenant come together. */
export type MatchMessage = { readonly records: readonly ForwardedRecord[]; readonly again: boolean } | Exclude<MatchRecord, { readonly record: ForwardedRecord }>;

/** Version of the record; readers refuse one they do not know. */
const RECORD_VERSION = 2;
/** Of one message. */
const EVENTS_MAX = 500;
const CHARS_MAX = 256 * 1024;

/** All of a tenant lies in one partition of the topic; that a partition of the log rests, all of them hear. */
export function sendMatches(sink: MessageSink, partitions: number, records: readonly MatchRecord[]): Promise<void> {
  const messages: SinkMessage[] = [];
  const send = (tenant: string, value: string): void => { messages.push({ key: tenant, value, partition: partitionOfTenant(tenant, partitions) }); };
  let open: Batch | null = null;
  const close = (): void => {
    if (open !== null) send(open.tenant, open.text());
    open = null;
  };
  for (const each of records) {
    if ('record' in each) {
      const { event: { tenant }, partition } = each.record;
      const again = each.again === true;
      if (open !== null && !open.takes(tenant, partition, again)) close();
      open ??= new Batch(tenant, partition, again);
      open.add(each.record);
      continue;
    }
    close();
    const value = JSON.stringify({ v: RECORD_VERSION, ...each });
    if ('frontier' in each) send(each.frontier.tenant, value);
    else for (let partition = 0; partition < partitions; partition += 1) messages.push({ key: `${each.caughtUp}`, value, partition });
  }
  close();
  return sink.send(TOPICS.matches, messages);
}

/** Events of one tenant and partition on their way: what all of them have is said once, and rules by where they stand in a list. */
class Batch {
  private readonly rules = new Map<string, number>();
  private readonly events: string[] = [];
  private chars = 0;

  constructor(readonly tenant: string, private readonly partition: number, private readonly again: boolean) {}

  takes(tenant: string, partition: number, again: boolean): boolean {
    return tenant === this.tenant && partition === this.partition && again === this.again && this.events.length < EVENTS_MAX && this.chars < CHARS_MAX;
  }

  add({ event, rules }: ForwardedRecord): void {
    const places = rules.map((rule) => {
      let place = this.rules.get(rule);
      if (place === undefined) this.rules.set(rule, (place = this.rules.size));
      return place;
    });
    const text = `[[${places.join(',')}],${JSON.stringify(event)}]`;
    this.events.push(text);
    this.chars += text.length;
  }

  text(): string {
    return `{"v":${RECORD_VERSION},"tenant":${JSON.stringify(this.tenant)},"partition":${this.partition},${this.again ? '"again":true,' : ''}"rules":${JSON.stringify([...this.rules.keys()])},"events":[${this.events.join(',')}]}`;
  }
}

/** FNV-1a: any fixed spread will do. */
function partitionOfTenant(tenant: string, partitions: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < tenant.length; i += 1) hash = Math.imul(hash ^ tenant.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % partitions;
}

type Row = [rules: number[], event: CorrelatedEvent];
type Found = { v?: unknown } & Partial<{ tenant: string; partition: number; again: unknown; rules: string[]; events: Row[]; frontier: Frontier; caughtUp: number; read: number[] }>;

/** Throws RecordError for what nobody of us has written. */
export function decodeMatch({ value }: SourceMessage): MatchMessage {
  let found: Found;
  try {
    found = JSON.parse((value ?? Buffer.alloc(0)).toString('utf8')) as Found;
  } catch {
    throw new RecordError('it is not JSON');
  }
  if (found === null || typeof found !== 'object' || found.v !== RECORD_VERSION) throw new RecordError(`its version is not ${RECORD_VERSION}: it was written by another release`);
  const { tenant, partition, again, rules, events, frontier, caughtUp, read } = found;
  if (typeof tenant === 'string' && Number.isSafeInteger(partition) && Array.isArray(rules) && Array.isArray(events) && events.every((row) => isRow(row, tenant, rules))) {
    return { again: again === true, records: events.map(([places, event]) => ({ partition: partition!, seq: event.seq, event, rules: places.map((place) => rules[place]!) })) };
  }
  if (typeof frontier?.tenant === 'string' && Number.isSafeInteger(frontier.seq)) return { frontier };
  if (Number.isSafeInteger(caughtUp) && Array.isArray(read) && read.every(Number.isSafeInteger)) return { caughtUp: caughtUp!, read };
  throw new RecordError('it is neither events, nor how far a partition has come');
}

function isRow(row: unknown, tenant: string, rules: readonly unknown[]): row is Row {
  if (!Array.isArray(row) || !Array.isArray(row[0]) || !row[0].every((place) => typeof rules[place as number] === 'string')) return false;
  const event = row[1] as Partial<CorrelatedEvent> | null | undefined;
  return typeof event === 'object' && event !== null && event.tenant === tenant && typeof event.id === 'string' && Number.isSafeInteger(event.seq) && Number.isSafeInteger(event.time) && typeof event.principal?.id === 'string';
}
