// Takes batches of a topic with recorded ends, says each, and hangs for ever in the one that begins at the offset given.
import { BatchConsumer } from '@wary/adapter-kafka/batch-consumer.js';
import { createKafka } from '@wary/adapter-kafka/create-kafka.js';

const [brokers, groupId, topic, batchMessagesMax, hangAt] = process.argv.slice(2);
const log = { debug() {}, info() {}, warn() {}, error() {} };
const consumer = new BatchConsumer(createKafka({ brokers: [brokers], tls: null, sasl: null, clientId: 'hanging' }, log), { groupId, topics: [topic], batchMessagesMax: Number(batchMessagesMax), partitionsAtOnce: 1, log, recordEnds: true });
await consumer.start(async ({ messages }) => {
  if (messages[0].offset === Number(hangAt)) {
    console.log(`hangs ${messages[0].offset}-${messages.at(-1).offset}`);
    await new Promise(() => {});
  }
});
