import type { Event } from '@wary/model/event.js';
import { shardOf } from '@wary/model/shard.js';
import { TOPICS } from '@wary/model/topics.js';
import type { EventLog } from '@wary/ports/event-log.port.js';
import type { MessageSink } from '@wary/ports/message-sink.port.js';
import { encodeEvent, eventKey } from './event-record.js';

/** The log of record as a topic: everything of a principal lies in one partition, in the order in which it was taken. */
export function createTopicEventLog(sink: MessageSink, partitions: number): EventLog {
  return {
    append: (events: readonly Event[]) => sink.send(TOPICS.events, events.map((event) => ({
      key: eventKey(event), value: encodeEvent(event), partition: partitionOfPrincipal(event, partitions),
    }))),
  };
}

export const partitionOfPrincipal = ({ tenant, principal }: Pick<Event, 'tenant' | 'principal'>, partitions: number): number => shardOf(tenant, principal.type, principal.id) % partitions;
