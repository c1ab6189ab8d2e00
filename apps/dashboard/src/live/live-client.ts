import type { LiveChange, LiveStats, ResumeAnswer, ServerToClientEvents, ClientToServerEvents } from '@wary/model/live.js';
import { io, type Socket } from 'socket.io-client';
import { LiveCursor } from './live-cursor.js';

export type LiveStatus = 'connecting' | 'live' | 'offline';

interface Listener { change?(change: LiveChange): void; reload?(): void; stats?(stats: LiveStats): void }

const RESUME_WAIT_MS = 8_000;
const CALL_AGAIN_MS = 1_500;

/** The one connection to `/live`: resumes after every disconnect, and tells its listeners what changed or that they must read again. */
export class LiveClient {
  private readonly cursor = new LiveCursor<LiveChange>();
  private readonly listeners = new Set<Listener>();
  private readonly statusListeners = new Set<() => void>();
  private socket: Socket<ServerToClientEvents, ClientToServerEvents> | null = null;
  private started = false;
  private again: ReturnType<typeof setTimeout> | undefined;
  private current: LiveStatus = 'connecting';
  private latest: LiveStats | null = null;

  constructor(private readonly onRefused: () => void) {}

  get status(): LiveStatus {
    return this.current;
  }
  get stats(): LiveStats | null {
    return this.latest;
  }

  start(): void {
    if (this.socket) return;
    const socket: Socket<ServerToClientEvents, ClientToServerEvents> = io('/live', { withCredentials: true, reconnectionDelay: 500, reconnectionDelayMax: 5_000, transports: ['websocket', 'polling'] });
    this.socket = socket;
    socket.on('connect', () => void this.resume(socket));
    socket.on('disconnect', (reason) => {
      this.setStatus('offline');
      // A server that hangs up on purpose (a slow client, changed rights) is not called again by the library.
      if (reason === 'io server disconnect') this.callAgain(socket);
    });
    socket.on('connect_error', () => {
      this.setStatus('offline');
      if (socket.active) return;
      // Refused, not unreachable: perhaps the session is over; if not, try again in a while.
      this.onRefused();
      this.callAgain(socket);
    });
    socket.on('alert', (message) => this.apply(this.cursor.accept({ kind: 'alert', ...message })));
    socket.on('incident', (message) => this.apply(this.cursor.accept({ kind: 'incident', ...message })));
    socket.on('gap', ({ seq }) => {
      this.cursor.gap(seq);
      this.reload();
    });
    socket.on('stats', (stats) => {
      this.latest = stats;
      for (const listener of this.listeners) listener.stats?.(stats);
    });
  }

  stop(): void {
    clearTimeout(this.again);
    this.socket?.disconnect();
    this.socket = null;
  }

  private callAgain(socket: Socket): void {
    clearTimeout(this.again);
    this.again = setTimeout(() => { if (this.socket === socket) socket.connect(); }, CALL_AGAIN_MS);
  }

  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  onStatus = (listener: () => void): (() => void) => {
    this.statusListeners.add(listener);
    return () => this.statusListeners.delete(listener);
  };

  private async resume(socket: Socket<ServerToClientEvents, ClientToServerEvents>): Promise<void> {
    this.cursor.hold();
    try {
      // The first connection has read nothing yet: it starts where the server stands and reads the lists anew.
      if (!this.started) {
        const answer = await socket.timeout(RESUME_WAIT_MS).emitWithAck('subscribe', { filter: {} });
        if (!answer.ok) throw new Error(answer.message ?? answer.code);
        this.started = true;
        this.finish({ gap: true, seq: answer.seq ?? 0 });
      } else {
        const answer: ResumeAnswer = await socket.timeout(RESUME_WAIT_MS).emitWithAck('resume', { seq: this.cursor.seq });
        if (!answer.ok) throw new Error(answer.message);
        this.finish(answer);
      }
      this.setStatus('live');
    } catch {
      // No answer in time: start this connection over rather than show a list that may have holes.
      if (this.socket === socket) socket.disconnect().connect();
    }
  }

  private finish(answer: { messages: LiveChange[]; seq: number } | { gap: true; seq: number }): void {
    const { apply, reload } = this.cursor.resumed(answer);
    if (reload) this.reload();
    this.apply(apply);
  }

  private apply(changes: readonly LiveChange[]): void {
    for (const change of changes) for (const listener of this.listeners) listener.change?.(change);
  }

  private reload(): void {
    for (const listener of this.listeners) listener.reload?.();
  }

  private setStatus(status: LiveStatus): void {
    if (status === this.current) return;
    this.current = status;
    for (const listener of this.statusListeners) listener();
  }
}
