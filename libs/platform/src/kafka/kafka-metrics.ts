import { Counter, Gauge, type Registry } from 'prom-client';

/** How the reading of topics goes. A topic is an operator's name, so it may be a label. */
export function createKafkaMetrics(registry: Registry): { consuming(yes: boolean): void; waiting(yes: boolean): void; taken(topic: string, messages: number): void; lag(topic: string, partition: number, messages: number): void } {
  const registers = [registry];
  const consuming = new Gauge({ name: 'wary_kafka_consuming', help: '1 while this process is a member of the consumer group', registers });
  const waiting = new Gauge({ name: 'wary_kafka_waiting', help: '1 while a partition waits because the store or the detectors cannot take more', registers });
  const messages = new Counter({ name: 'wary_kafka_messages_total', help: 'Messages that were taken and acknowledged to the brokers', labelNames: ['topic'], registers });
  const lag = new Gauge({ name: 'wary_kafka_lag_messages', help: 'Messages of a partition that wait behind the last batch', labelNames: ['topic', 'partition'], registers });
  return {
    consuming: (yes) => { consuming.set(Number(yes)); },
    waiting: (yes) => { waiting.set(Number(yes)); },
    taken: (topic, count) => { messages.inc({ topic }, count); },
    lag: (topic, partition, count) => { lag.set({ topic, partition: String(partition) }, count); },
  };
}
