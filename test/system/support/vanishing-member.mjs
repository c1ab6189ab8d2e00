// Joins a group with a session of 25 minutes, says who it is, and does nothing more: BROKERS GROUP TOPIC.
import { createKafka } from '@wary/adapter-kafka/create-kafka.js';

const [brokers, groupId, topic] = process.argv.slice(2);
const log = { debug() {}, info() {}, warn() {}, error() {} };
const SESSION_MS = 25 * 60_000;
const consumer = createKafka({ brokers: [brokers], tls: null, sasl: null, clientId: 'vanishing' }, log).consumer({ groupId, sessionTimeout: SESSION_MS, rebalanceTimeout: SESSION_MS });
consumer.on(consumer.events.GROUP_JOIN, ({ payload: { memberId } }) => { console.log(`member ${memberId}`); });
await consumer.connect();
await consumer.subscribe({ topics: [topic] });
await consumer.run({ eachBatch: async () => {} });
