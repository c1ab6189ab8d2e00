import { Inject } from '@nestjs/common';
import { ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway, WebSocketServer, type OnGatewayConnection, type OnGatewayInit } from '@nestjs/websockets';
import type { LiveChange, LiveStats, ResumeAnswer } from '@wary/model/live.js';
import { CLOCK, type Clock } from '@wary/ports/clock.port.js';
import { LIVE_BUS, type LiveBus } from '@wary/ports/live-bus.port.js';
import { WORKFLOW, type Workflow } from '@wary/ports/workflow.port.js';
import { AUTHENTICATOR, type Authenticator } from '../auth/authenticator.js';
import { LIVE_STATS, type LiveStatsSource } from './live-stats.js';
import { emitChange, queuedOf, terminate, type LiveNamespace, type LiveSocket } from './live-socket.js';
import { compileFilter, ResumeRequestSchema, SubscribeRequestSchema } from './subscribe-filter.js';

const RESUME_MESSAGES_MAX = 1_000;
const STATS_EVERY_MS = 2_000;
const SLOW_CHECK_MS = 1_000;
const AUTH_CHECK_MS = 4_000;
/**
 * A client that lets this much pile up for a while is cut, and comes back and resumes; the table has what it missed. A burst of alerts fills
 * every queue for a moment and must cut nobody; many times as much is cut at once, however short.
 */
const QUEUED_BYTES_MAX = 1024 * 1024;
const QUEUED_PACKETS_MAX = 512;
const SLOW_PATIENCE_MS = 1_000;
const QUEUED_AT_ONCE_FACTOR = 8;
/** Messages a client may send in ten seconds; a flood ends the connection. */
const MESSAGES_PER_WINDOW_MAX = 200;
const MESSAGE_WINDOW_MS = 10_000;

const room = (tenant: string): string => `tenant:${tenant}`;

/** Namespace `/live`: a hint of what changed, in commit order; the tables are the truth. */
@WebSocketGateway({ namespace: '/live' })
export class LiveGateway implements OnGatewayInit, OnGatewayConnection {
  @WebSocketServer() private readonly server!: LiveNamespace;
  private timers: NodeJS.Timeout[] = [];
  private unsubscribe: () => void = () => {};

  constructor(
    @Inject(AUTHENTICATOR) private readonly authenticator: Authenticator,
    @Inject(WORKFLOW) private readonly workflow: Workflow,
    @Inject(LIVE_BUS) private readonly bus: LiveBus,
    @Inject(LIVE_STATS) private readonly stats: LiveStatsSource,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  afterInit(server: LiveNamespace): void {
    server.use((socket, next) => { void this.admit(socket as LiveSocket).then((error) => { next(error ?? undefined); }, next); });
    this.unsubscribe = this.bus.subscribe((changes) => { this.broadcast(changes); }, (seq) => { this.server.emit('gap', { seq, reason: 'changes were removed before this node read them' }); });
    this.timers = [
      // A store that does not answer is told by readiness; the next round tries again.
      setInterval(() => { this.sendStats().catch(() => {}); }, STATS_EVERY_MS),
      setInterval(() => { this.dropSlow(); }, SLOW_CHECK_MS),
      // Expiry tells nobody: every socket is looked at again within the five seconds that a revocation may take.
      setInterval(() => { for (const socket of this.server.sockets.values()) this.lookAgain(socket); }, AUTH_CHECK_MS),
    ];
    for (const timer of this.timers) timer.unref();
    this.authenticator.onRevoked(({ userId, sessionId, keyId, everybody }) => {
      for (const socket of this.server.sockets.values()) {
        const { principal } = socket.data;
        if (everybody === true || (principal.kind === 'key' ? principal.id === keyId : sessionId === undefined ? principal.id === userId : principal.sessionId === sessionId)) this.lookAgain(socket);
      }
    });
  }

  handleConnection(socket: LiveSocket): void {
    let windowStart = this.clock.now();
    let messages = 0;
    socket.use((_, next) => {
      const now = this.clock.now();
      if (now - windowStart > MESSAGE_WINDOW_MS) { windowStart = now; messages = 0; }
      messages += 1;
      if (messages > MESSAGES_PER_WINDOW_MAX) socket.disconnect(true);
      else next();
    });
    this.stats.connectionsChanged(1);
    const { transport } = socket.conn;
    socket.once('disconnect', (reason) => {
      this.stats.connectionsChanged(-1);
      if (reason !== 'ping timeout') return;
      // It has stopped reading, or is gone: its queue goes now, not when a polite close has waited behind it.
      this.stats.slowClientDropped();
      terminate(transport);
    });
    void socket.join(room(socket.data.principal.tenant));
  }

  close(): void {
    this.unsubscribe();
    for (const timer of this.timers) clearInterval(timer);
    this.server.disconnectSockets(true);
  }

  get connected(): number { return this.server.sockets.size; }

  @SubscribeMessage('resume')
  async resume(@ConnectedSocket() socket: LiveSocket, @MessageBody() body: unknown): Promise<ResumeAnswer> {
    const request = ResumeRequestSchema.safeParse(body);
    if (!request.success) return { ok: false, code: 'validation_failed', message: 'send {"seq": the last number you have seen}' };
    const last = await this.workflow.lastChangeSeq();
    const { seq } = request.data;
    if (seq > last) return { ok: true, gap: true, seq: last };
    if (last - seq > RESUME_MESSAGES_MAX) return { ok: true, gap: true, seq: last };
    const messages = await this.workflow.changesAfter(socket.data.principal.tenant, seq, RESUME_MESSAGES_MAX + 1);
    if (messages.length > RESUME_MESSAGES_MAX || (messages.length > 0 && last > seq && messages[0]!.seq > seq + 1 && (await this.forgotten(seq)))) return { ok: true, gap: true, seq: last };
    const { filter } = socket.data;
    return { ok: true, messages: filter === null ? messages : messages.filter(filter), seq: Math.max(last, messages.at(-1)?.seq ?? seq) };
  }

  @SubscribeMessage('subscribe')
  async subscribe(@ConnectedSocket() socket: LiveSocket, @MessageBody() body: unknown): Promise<{ ok: boolean; seq?: number; code?: string; message?: string }> {
    const request = SubscribeRequestSchema.safeParse(body);
    if (!request.success) return { ok: false, code: 'validation_failed', message: request.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ') };
    const filter = compileFilter(request.data);
    socket.data.filter = filter;
    const { tenant } = socket.data.principal;
    if (filter === null) await socket.join(room(tenant));
    else await socket.leave(room(tenant));
    return { ok: true, seq: await this.workflow.lastChangeSeq() };
  }

  /** True when changes right after `seq` are older than the table keeps. */
  private async forgotten(seq: number): Promise<boolean> {
    return seq > 0 && (await this.workflow.oldestChangeSeq()) > seq + 1;
  }

  private async admit(socket: LiveSocket): Promise<Error | null> {
    const token: unknown = (socket.handshake.auth as Record<string, unknown>)['token'];
    const principal = await this.authenticator.authenticate({
      cookie: socket.handshake.headers.cookie, authorization: typeof token === 'string' ? `Bearer ${token}` : undefined, ip: socket.handshake.address, now: this.clock.now(),
    });
    if (principal === null || !principal.actions.has('read')) return Object.assign(new Error(principal === null ? 'unauthenticated' : 'forbidden'), { data: { code: principal === null ? 'unauthenticated' : 'forbidden' } });
    socket.data = { principal, filter: null, slowSince: null };
    return null;
  }

  private broadcast(changes: readonly LiveChange[]): void {
    for (const change of changes) {
      const { tenant } = change.kind === 'alert' ? change.alert : change.incident;
      // Encoded once for the whole room; sockets with a filter are served one by one.
      const target = this.server.to(room(tenant));
      if (change.kind === 'alert') target.emit('alert', { seq: change.seq, change: change.change, alert: change.alert });
      else target.emit('incident', { seq: change.seq, change: change.change, incident: change.incident });
      for (const socket of this.server.sockets.values()) {
        if (socket.data.filter !== null && socket.data.principal.tenant === tenant && socket.data.filter(change)) emitChange(socket, change);
      }
    }
    this.dropSlow();
  }

  private dropSlow(): void {
    const now = this.clock.now();
    for (const socket of this.server.sockets.values()) {
      const { bytes, packets } = queuedOf(socket);
      const filled = Math.max(bytes / QUEUED_BYTES_MAX, packets / QUEUED_PACKETS_MAX);
      if (filled <= 1) {
        socket.data.slowSince = null;
        continue;
      }
      socket.data.slowSince ??= now;
      if (filled <= QUEUED_AT_ONCE_FACTOR && now - socket.data.slowSince < SLOW_PATIENCE_MS) continue;
      this.stats.slowClientDropped();
      // A polite close would wait behind the queue: the connection is cut, and the client resumes by seq.
      const { transport } = socket.conn;
      socket.disconnect(true);
      terminate(transport);
    }
  }

  /**
   * A session or key that has ended, or may do less now, ends its socket; the client comes back with what it may do.
   * While the store does not answer nobody can say, and the next look, seconds later, decides.
   */
  private lookAgain(socket: LiveSocket): void {
    void this.authenticator.stillValid(socket.data.principal, this.clock.now()).then((valid) => { if (!valid) socket.disconnect(true); }, () => {});
  }

  private async sendStats(): Promise<void> {
    if (this.server.sockets.size === 0) return;
    const byTenant = new Map<string, LiveStats>();
    for (const socket of this.server.sockets.values()) {
      const { tenant } = socket.data.principal;
      let stats = byTenant.get(tenant);
      if (stats === undefined) byTenant.set(tenant, stats = await this.stats.read(tenant));
      socket.emit('stats', stats);
    }
  }
}
