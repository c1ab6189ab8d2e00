// Writes deploy/monitoring/dashboard.json, the Grafana dashboard, from the table below, and the chart's copies of it and of the alert rules: `node scripts/monitoring-dashboard.mjs [--check]`.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './workspaces.mjs';

const rate = (metric, by) => `sum by (${by}) (rate(${metric}[$__rate_interval]))`;
const quantile = (q, metric) => `histogram_quantile(${q}, sum by (le) (rate(${metric}_bucket[$__rate_interval])))`;
/** Row → panels: title, unit, queries with their legends. */
const ROWS = {
  In: [
    ['Events stored a second, by source', 'ops', [[rate('wary_ingest_events_accepted_total', 'source'), '{{source}}']]],
    ['Records not stored a second', 'ops', [[rate('wary_ingest_dead_letters_total', 'source, code'), '{{source}} {{code}}'], [rate('wary_ingest_records_dropped_total', 'source, reason'), '{{source}} {{reason}}'], [rate('wary_ingest_events_duplicate_total', 'source'), '{{source}} known already']]],
    ['Records over a quota a second', 'ops', [[rate('wary_ingest_quota_refused_records_total', 'tenant'), '{{tenant}}']]],
    ['Idempotency keys forgotten early, in an hour', 'short', [['increase(wary_ingest_idempotency_keys_forgotten_total[1h])', 'keys']]],
    ['Time to make a batch durable', 's', [[quantile(0.5, 'wary_store_insert_seconds'), 'p50'], [quantile(0.99, 'wary_store_insert_seconds'), 'p99']]],
    ['Waiting and failing', 'short', [['wary_store_queue_records', 'records to be stored'], [`rate(wary_store_insert_failures_total[$__rate_interval])`, 'failures a second']]],
  ],
  Kafka: [
    ['Messages taken a second', 'ops', [[rate('wary_kafka_messages_total', 'topic'), '{{topic}}']]],
    ['Messages that wait', 'short', [['sum by (topic) (wary_kafka_lag_messages)', '{{topic}}']]],
    ['Reading', 'short', [['wary_kafka_consuming', 'member of the group'], ['wary_kafka_waiting', 'held up by store or detectors']]],
  ],
  Detectors: [
    ['Events scored a second', 'ops', [['rate(wary_score_events_total[$__rate_interval])', 'scored']]],
    ['From stored to alert', 's', [[quantile(0.5, 'wary_score_lag_seconds'), 'p50'], [quantile(0.99, 'wary_score_lag_seconds'), 'p99']]],
    ['Stored and not scored', 'short', [['wary_score_queue_events', 'queue'], ['wary_store_last_sequence - wary_score_last_sequence', 'sequence behind']]],
    ['Partitions', 'short', [['wary_score_partitions', 'scored here'], ['wary_score_partitions_waiting', 'waiting for others']]],
    ['Findings a minute, by detector', 'short', [['sum by (detector) (rate(wary_score_finding_revisions_total[$__rate_interval])) * 60', '{{detector}}']]],
    ['State', 'bytes', [['wary_score_state_bytes', 'detectors'], ['wary_score_snapshot_bytes', 'last snapshot']]],
    ['Entities', 'short', [['wary_score_entities', 'with state'], ['wary_score_entities_evicted', 'compacted or forgotten'], ['wary_score_overflow', 'bounds reached']]],
    ['Rules', 'short', [['wary_rules_running', 'running'], ['wary_rules_broken', 'enabled and broken'], ['wary_rules_refused_files', 'files refused']]],
    ['Out of time', 'short', [['deriv(wary_score_events_late[$__rate_interval])', 'late a second'], ['deriv(wary_score_events_future[$__rate_interval])', 'from the future a second'], ['wary_score_snapshot_pause_seconds', 'pause of the last snapshot (s)']]],
  ],
  Out: [
    ['Webhook attempts a second', 'ops', [[rate('wary_notify_attempts_total', 'verdict'), '{{verdict}}']]],
    ['Webhook messages', 'short', [['wary_notify_deliveries_pending', 'waiting'], ['increase(wary_notify_deliveries_failed_total[1h])', 'given up in an hour'], ['sum by (reason) (increase(wary_notify_webhooks_disabled_total[1h]))', 'switched off: {{reason}}']]],
    ['Time of an attempt', 's', [[quantile(0.99, 'wary_notify_attempt_seconds'), 'p99']]],
    ['To the topics of alerts and incidents', 'ops', [[rate('wary_out_messages_total', 'topic'), '{{topic}}'], ['rate(wary_out_failures_total[$__rate_interval])', 'failures a second']]],
    ['Changes that wait for their topics', 'short', [['wary_out_lag_changes', 'waiting'], ['increase(wary_out_lost_changes_total[1h])', 'lost in an hour']]],
    ['Dashboards', 'short', [['wary_live_connections', 'open'], ['increase(wary_live_slow_clients_dropped_total[1h])', 'cut in an hour']]],
  ],
};

const WIDTH = 8;
const HEIGHT = 7;
const panels = [];
let y = 0;
for (const [title, row] of Object.entries(ROWS)) {
  panels.push({ id: panels.length + 1, type: 'row', title, collapsed: false, gridPos: { h: 1, w: 24, x: 0, y }, panels: [] });
  y += 1;
  row.forEach(([name, unit, targets], index) => {
    panels.push({
      id: panels.length + 1, type: 'timeseries', title: name, datasource: { type: 'prometheus', uid: '${datasource}' },
      gridPos: { h: HEIGHT, w: WIDTH, x: (index % 3) * WIDTH, y: y + Math.floor(index / 3) * HEIGHT },
      fieldConfig: { defaults: { unit, min: 0, custom: { lineWidth: 1, fillOpacity: 8, showPoints: 'never' } }, overrides: [] },
      options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } },
      targets: targets.map(([expr, legendFormat], at) => ({ refId: String.fromCharCode(65 + at), expr: expr.replaceAll(/\bwary_\w+(?![\w(])/g, (metric) => `${metric}{instance=~"$instance"}`), legendFormat, datasource: { type: 'prometheus', uid: '${datasource}' } })),
    });
  });
  y += Math.ceil(row.length / 3) * HEIGHT;
}
const dashboard = {
  uid: 'wary', title: 'Wary', tags: ['wary'], schemaVersion: 39, version: 1, editable: true, refresh: '30s', time: { from: 'now-6h', to: 'now' }, timezone: 'browser',
  templating: { list: [
    { name: 'datasource', type: 'datasource', query: 'prometheus', label: 'Data source' },
    { name: 'instance', type: 'query', label: 'Instance', datasource: { type: 'prometheus', uid: '${datasource}' }, query: { query: 'label_values(wary_score_entities, instance)', refId: 'instance' }, refresh: 2, multi: true, includeAll: true, current: { text: 'All', value: '$__all' } },
  ] },
  annotations: { list: [] }, panels,
};
const alerts = readFileSync(join(root, 'deploy/monitoring/alerts.yml'), 'utf8');
const text = `${JSON.stringify(dashboard, null, 2)}\n`;
// A chart takes only files of its own folder, and links do not survive every archive: it has copies.
const CHART = 'deploy/helm/wary/files';
const written = { 'deploy/monitoring/dashboard.json': text, [`${CHART}/dashboard.json`]: text, [`${CHART}/alerts.yml`]: alerts };
if (process.argv.includes('--check')) {
  const stale = Object.entries(written).filter(([file, wanted]) => readFileSync(join(root, file), 'utf8') !== wanted).map(([file]) => file);
  if (stale.length > 0) { console.error(`stale: ${stale.join(', ')}; run node scripts/monitoring-dashboard.mjs`); process.exit(1); }
} else for (const [file, wanted] of Object.entries(written)) writeFileSync(join(root, file), wanted);
