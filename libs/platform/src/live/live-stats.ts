import type { LiveStats } from '@wary/model/live.js';

/** Numbers that the dashboard shows while it is connected. */
export interface LiveStatsSource {
  read(tenant: string): Promise<LiveStats>;
  slowClientDropped(): void;
  connectionsChanged(by: 1 | -1): void;
}
export const LIVE_STATS = Symbol.for('wary.LiveStats');
