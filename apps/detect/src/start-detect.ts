import { PartitionConsumer } from '@wary/adapter-kafka/partition-consumer.js';
import { TopicTail } from '@wary/adapter-kafka/topic-tail.js';
import { composeAccounts } from '@wary/app-wary/compose-accounts.js';
import { composeRuleService } from '@wary/app-wary/compose-rules.js';
import { openAllServers } from '@wary/app-wary/services/open-servers.js';
import { openTopics } from '@wary/app-wary/services/open-topics.js';
import type { ServiceContext, ServiceParts } from '@wary/app-wary/services/service.js';
import type { Finding } from '@wary/model/finding.js';
import { TOPICS } from '@wary/model/topics.js';
import { systemClock, createSystemRandom } from '@wary/platform/config/system-random.js';
import { baselinesRoute } from '@wary/platform/events/remote-baselines.js';
import { createKafkaMetrics } from '@wary/platform/kafka/kafka-metrics.js';
import { CORRELATE_SNAPSHOT_VERSION, CorrelateWork } from '@wary/platform/log/correlate-work.js';
import { DETECT_SNAPSHOT_VERSION, DetectWork } from '@wary/platform/log/detect-work.js';
import { sendFindings } from '@wary/platform/log/finding-record.js';
import { HoursLog } from '@wary/platform/log/hours-log.js';
import { sendMatches } from '@wary/platform/log/match-record.js';
import { PartitionWorkers, type PartitionWork, type WorkerControl } from '@wary/platform/log/partition-workers.js';
import { watchPartitions } from '@wary/platform/ops/partition-metrics.js';
import { PathMetrics } from '@wary/platform/path/path-metrics.js';
import { ruleHealthRoute } from '@wary/platform/rules/remote-rule-health.js';
import type { SourceMessage } from '@wary/ports/event-source.port.js';
import { heardRoute, SilenceCheck } from '@wary/platform/log/silence-check.js';
import { internalToken } from '@wary/platform/ops/internal-routes.js';
import { createProcessRegistry } from '@wary/adapter-postgres/process-registry.js';
import { createBoundsReader } from '@wary/adapter-kafka/bounds-reader.js';
import { createPartitionEngines } from './partition-engines.js';

/** What people said of alerts moves the weights of detectors. */
const VERDICT_CHECK_MS = 30_000;
const SILENCE_CHECK_MS = 300_000;

/** Scores the partitions of the log of record that the group gives to this process. */
export async function composeDetect({ config, log, registry, readiness, processId, onTrouble }: ServiceContext): Promise<ServiceParts> {
  const { env } = config;
  const clock = systemClock;
  const servers = await openAllServers(config, clock, log);
  const topics = await openTopics(config, 'detect', log);
  const accounts = await composeAccounts({ config, stores: servers, clock, random: createSystemRandom(clock), log, registry, several: true });
  const { rules, watch, stop: stopRules } = await composeRuleService({ folder: env.WARY_RULES_DIR, tenants: accounts.tenants, postgres: servers.postgres, clock, log, registry });
  const metrics = new PathMetrics(registry, () => clock.now());
  const kafkaMetrics = createKafkaMetrics(registry);
  const engines = createPartitionEngines({ budgetPerDay: env.WARY_ALERT_BUDGET_PER_DAY, partitions: topics.partitions, tenantSettings: accounts.detectorSettings, rules });
  accounts.onDetectorSettings((settings, tenant) => { engines.applySettings(settings, tenant); });
  const hours = new HoursLog({ tail: new TopicTail(topics.kafka, TOPICS.hours, log), sink: topics.producer, onTrouble });
  const bounds = createBoundsReader(topics.kafka, TOPICS.events);
  const emit = (findings: readonly Finding[], past = false): Promise<void> => sendFindings(topics.producer, findings, past);
  const consumerOf = (name: string, topic: string): PartitionConsumer => new PartitionConsumer(topics.kafka, { groupId: `${env.WARY_KAFKA_GROUP}.${name}`, topic, log, onState: (state) => { kafkaMetrics.consuming(state === 'consuming'); } });
  const workersOf = <W extends PartitionWork>(name: string, topic: string, snapshotVersion: number, open: (partition: number, control: WorkerControl) => W): PartitionWorkers<W> => new PartitionWorkers({
    // The state of a partition is of no use to another number of partitions.
    nameOf: (partition) => `${name}-${topics.partitions}-${partition}`, snapshotVersion, snapshotMs: env.WARY_SNAPSHOT_SECONDS * 1_000, snapshots: servers.clickHouse.snapshots, clock, onTrouble,
    onLag: (partition, messages) => { kafkaMetrics.lag(topic, partition, messages); }, onSnapshot: (bytes, pauseMs) => { metrics.snapshotted(bytes, pauseMs); },
    onFatal: (error) => {
      readiness.close('not scoring: a detector failed; what was accepted is kept, restart the service');
      onTrouble('score.engine.failed', error);
    },
  }, open);
  const onUnreadable = (topic: string, partition: number) => ({ offset }: SourceMessage, reason: string): void => { log.error({ topic, partition, offset, reason }, 'log.message.unreadable'); };

  const events = consumerOf('detect', TOPICS.events);
  const detection = workersOf('detect', TOPICS.events, DETECT_SNAPSHOT_VERSION, (partition, control) => {
    const { engine, close } = engines.detection(partition);
    return new DetectWork({
      engine, partition, control, hours, emit, pass: (records) => sendMatches(topics.producer, topics.matchPartitions, records), bounds: () => bounds.all(),
      restart: () => { events.again(partition); }, clock, metrics, onTrouble, onUnreadable: onUnreadable(TOPICS.events, partition), onEnd: close,
    });
  });
  const matches = consumerOf('correlate', TOPICS.matches);
  const correlation = workersOf('correlate', TOPICS.matches, CORRELATE_SNAPSHOT_VERSION, (partition, control) => {
    const { engine, close } = engines.correlation();
    return new CorrelateWork({ engine, control, emit, clock, metrics, onUnreadable: onUnreadable(TOPICS.matches, partition), onEnd: close });
  });
  watchPartitions(registry, detection);
  const works = (): Map<number, DetectWork> => new Map(detection.works().map((work) => [work.partition, work]));
  const silence = new SilenceCheck({
    partitions: topics.partitions, works, registry: createProcessRegistry(servers.postgres.db), token: internalToken(servers.keys.internal), processId, bounds: () => bounds.all(), emit, clock,
  }, clock.now());
  let silences: NodeJS.Timeout | undefined;
  let verdicts: NodeJS.Timeout | undefined;
  return {
    start: [
      { name: 'settings', run: () => { accounts.follow(rules); } },
      { name: 'verdicts', run: () => { verdicts = setInterval(() => { accounts.refreshVerdicts().catch((error: unknown) => { onTrouble('detectors.verdicts.failed', error); }); }, VERDICT_CHECK_MS); } },
      { name: 'silence', run: () => { silences = setInterval(() => { silence.look().catch((error: unknown) => { onTrouble('score.silence.failed', error); }); }, SILENCE_CHECK_MS); } },
      { name: 'hours', run: () => hours.start() },
      { name: 'rules', run: () => { watch(); } },
      { name: 'correlations', run: async () => { correlation.start(); await matches.start(correlation); } },
      { name: 'partitions', run: async () => { detection.start(); await events.start(detection); } },
    ],
    stop: [
      { name: 'verdicts', run: () => { clearInterval(verdicts); clearInterval(silences); } },
      { name: 'score', run: () => {
        const drained = detection.drain();
        // Those who wait for others look again, and see that it ends.
        hours.wake();
        return drained;
      } },
      { name: 'partitions', run: () => events.stop() },
      { name: 'correlations', run: () => correlation.drain() },
      { name: 'matches', run: () => matches.stop() },
      { name: 'rules', run: () => { stopRules(); } },
      { name: 'accounts', run: () => accounts.close() },
      { name: 'hours', run: () => hours.stop() },
      { name: 'bounds', run: () => bounds.close() },
      { name: 'brokers', run: () => topics.close() },
      { name: 'clickhouse', run: () => servers.clickHouse.close() },
      { name: 'postgres', run: () => servers.postgres.close() },
    ],
    ping: () => Promise.all([topics.ping(), servers.clickHouse.ping()]),
    postgres: servers.postgres,
    load: () => ({ eventsPerSecond: metrics.eventsPerSecond(), lagMs: metrics.lagMs }),
    partitions: { count: topics.partitions, owned: () => detection.owned },
    internal: [baselinesRoute(topics.partitions, (partition) => detection.workAt(partition)?.engine ?? null), ruleHealthRoute(rules), heardRoute(works)],
  };
}
