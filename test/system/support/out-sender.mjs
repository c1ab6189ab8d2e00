// One of several processes that send alerts and incidents to their topics: node out-sender.mjs, with WARY_POSTGRES_URL and WARY_KAFKA_BROKERS.
import { tmpdir } from 'node:os';
import { createKafka } from '@wary/adapter-kafka/create-kafka.js';
import { createProducer } from '@wary/adapter-kafka/create-producer.js';
import { LIVE_CHANNEL } from '@wary/adapter-postgres/notices.js';
import { openPostgres } from '@wary/adapter-postgres/open-postgres.js';
import { createOutPositionStore } from '@wary/adapter-postgres/out-position-store.js';
import { createWorkflowStore } from '@wary/adapter-postgres/workflow-store.js';
import { createOutMetrics } from '@wary/platform/out/out-metrics.js';
import { OutTopics } from '@wary/platform/out/out-topics.js';
import { Registry } from 'prom-client';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const postgres = await openPostgres({ url: process.env.WARY_POSTGRES_URL, dataDir: tmpdir(), connectionsMax: 3 });
const producer = createProducer(createKafka({ brokers: [process.env.WARY_KAFKA_BROKERS], tls: null, sasl: null, clientId: 'out' }, silent), silent);
const store = createWorkflowStore(postgres);
new OutTopics({
  positions: createOutPositionStore(postgres), sink: producer, publicUrl: 'https://wary.example', lastSeq: () => store.lastChangeSeq(), metrics: createOutMetrics(new Registry()), onTrouble() {}, pollMs: 100,
  onWake: (wake) => postgres.notices.listen(LIVE_CHANNEL, { onNotice: wake, onGap: wake }),
}).start();
console.log('ready');
