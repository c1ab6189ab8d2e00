import type { LiveStats } from '@wary/model/live.js';
import type { Clock } from '@wary/ports/clock.port.js';
import type { Workflow } from '@wary/ports/workflow.port.js';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { PathMetrics } from '../path/path-metrics.js';
import type { LiveStatsSource } from './live-stats.js';

const INCIDENTS_COUNTED_MAX = 200;
const KEPT_MS = 1_500;

/** Reads the numbers at most once in a while, however many sockets want them. */
export function createLiveStats({ workflow, metrics, registry, clock }: { workflow: Workflow; metrics: PathMetrics; registry: Registry; clock: Clock }): LiveStatsSource {
  const dropped = new Counter({ name: 'wary_live_slow_clients_dropped_total', help: 'Sockets that were cut because they did not read or answer', registers: [registry] });
  const connections = new Gauge({ name: 'wary_live_connections', help: 'Sockets that are open', registers: [registry] });
  const kept = new Map<string, Promise<LiveStats>>();
  async function read(tenant: string): Promise<LiveStats> {
    const [counts, incidents] = await Promise.all([
      workflow.countAlerts({ tenant, status: ['triggered', 'acknowledged'], historical: false }),
      workflow.listIncidents({ tenant, open: true, limit: INCIDENTS_COUNTED_MAX }),
    ]);
    return { at: clock.now(), eventsPerSecond: metrics.eventsPerSecond(), openAlerts: counts.bySeverity, openIncidents: incidents.items.length, lagMs: metrics.lagMs };
  }
  return {
    read(tenant) {
      let stats = kept.get(tenant);
      if (stats === undefined) {
        stats = read(tenant);
        kept.set(tenant, stats);
        setTimeout(() => { kept.delete(tenant); }, KEPT_MS).unref();
      }
      return stats;
    },
    slowClientDropped() { dropped.inc(); },
    connectionsChanged(by) { connections.inc(by); },
  };
}
