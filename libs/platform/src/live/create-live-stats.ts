import type { LiveStats } from '@wary/model/live.js';
import type { Clock } from '@wary/ports/clock.port.js';
import type { ProcessLoad } from '@wary/ports/process-registry.port.js';
import type { Workflow } from '@wary/ports/workflow.port.js';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { LiveStatsSource } from './live-stats.js';

const INCIDENTS_COUNTED_MAX = 200;
const KEPT_MS = 1_500;

/** Reads the numbers at most once in a while, however many sockets want them. */
export function createLiveStats({ workflow, load, registry, clock }: { workflow: Workflow; /** Of all processes. */ load: () => ProcessLoad | Promise<ProcessLoad>; registry: Registry; clock: Clock }): LiveStatsSource {
  const dropped = new Counter({ name: 'wary_live_slow_clients_dropped_total', help: 'Sockets that were cut because they did not read or answer', registers: [registry] });
  const connections = new Gauge({ name: 'wary_live_connections', help: 'Sockets that are open', registers: [registry] });
  const kept = new Map<string, Promise<LiveStats>>();
  async function read(tenant: string): Promise<LiveStats> {
    const [counts, incidents, { eventsPerSecond, lagMs }] = await Promise.all([
      workflow.countAlerts({ tenant, status: ['triggered', 'acknowledged'], historical: false }),
      workflow.listIncidents({ tenant, open: true, limit: INCIDENTS_COUNTED_MAX }),
      load(),
    ]);
    return { at: clock.now(), eventsPerSecond, openAlerts: counts.bySeverity, openIncidents: incidents.items.length, lagMs };
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
