import type { LiveChange, ServerToClientEvents, ClientToServerEvents } from '@wary/model/live.js';
import type { Namespace, Socket } from 'socket.io';
import type { Principal } from '../auth/principal.js';
import type { ChangeFilter } from './subscribe-filter.js';

export interface SocketData { principal: Principal; filter: ChangeFilter | null; /** Since when more waits for it than should. */ slowSince: number | null }
export type LiveSocket = Socket<ClientToServerEvents, ServerToClientEvents, Record<string, never>, SocketData>;
export type LiveNamespace = Namespace<ClientToServerEvents, ServerToClientEvents, Record<string, never>, SocketData>;

export function emitChange(target: Pick<LiveSocket, 'emit'>, change: LiveChange): void {
  if (change.kind === 'alert') target.emit('alert', { seq: change.seq, change: change.change, alert: change.alert });
  else target.emit('incident', { seq: change.seq, change: change.change, incident: change.incident });
}

interface TransportSocket { bufferedAmount?: number }

/** Ends the connection under a transport without a word. */
export function terminate(transport: unknown): void {
  (transport as { socket?: { terminate?: () => void } }).socket?.terminate?.();
}

/** Bytes or packets that wait for a client that does not read: what a slow client costs us. */
export function queuedOf(socket: LiveSocket): { bytes: number; packets: number } {
  const { conn } = socket;
  const transport = (conn.transport as unknown as { socket?: TransportSocket }).socket;
  return { bytes: transport?.bufferedAmount ?? 0, packets: (conn as unknown as { writeBuffer: readonly unknown[] }).writeBuffer.length };
}
