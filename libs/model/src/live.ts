import type { Alert } from './alert.js';
import type { Incident } from './incident.js';
import type { Severity } from './finding.js';

/** One committed change in commit order. `seq` has no holes for a reader: a single relay numbers committed rows. */
export type LiveChange =
  | { seq: number; kind: 'alert'; change: 'created' | 'updated'; alert: Alert }
  | { seq: number; kind: 'incident'; change: 'created' | 'updated'; incident: Incident };

export interface LiveStats {
  at: number;
  eventsPerSecond: number;
  openAlerts: { [severity in Severity]: number };
  openIncidents: number;
  /** ms from acceptance to scored, recent median. */
  lagMs: number;
}

export interface SubscribeFilter { severity?: Severity[]; entity?: string; historical?: boolean }

/** Socket.IO namespace `/live`. */
export interface ServerToClientEvents {
  alert(message: { seq: number; change: 'created' | 'updated'; alert: Alert }): void;
  incident(message: { seq: number; change: 'created' | 'updated'; incident: Incident }): void;
  stats(message: LiveStats): void;
  /** The client must read the list again, then continue from `seq`. */
  gap(message: { seq: number; reason: string }): void;
}
export type ResumeAnswer = { ok: true; messages: LiveChange[]; seq: number } | { ok: true; gap: true; seq: number } | { ok: false; code: string; message: string };
export interface ClientToServerEvents {
  resume(request: { seq: number }, answer: (result: ResumeAnswer) => void): void;
  subscribe(request: { filter: SubscribeFilter }, answer: (result: { ok: boolean; seq?: number; code?: string; message?: string }) => void): void;
}
