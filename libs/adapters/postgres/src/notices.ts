import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** Channels of LISTEN and NOTIFY; they name what to look at, the tables hold what there is to see. */
export const LIVE_CHANNEL = 'wary_live';
export const SETTINGS_CHANNEL = 'wary_settings';

export interface NoticeListener {
  onNotice(payload: string): void;
  /** Notices may have been missed: a connection has just begun. */
  onGap(): void;
}

/** Short words between processes over the database. They may be lost (a connection that breaks), so whoever listens also looks now and then. */
export interface Notices {
  /** Gives the way out. */
  listen(channel: string, listener: NoticeListener): () => void;
  close(): Promise<void>;
}

/** The embedded engine has one process: nobody is there to tell it anything. */
export const NO_NOTICES: Notices = { listen: () => () => {}, close: () => Promise.resolve() };

const CONNECT_MS_MAX = 5_000;
const RETRY_MS = { first: 100, most: 5_000 } as const;
/** A connection that a firewall dropped in silence is found out by this. */
const LOOK_EVERY_MS = 10_000;
const ANSWER_MS_MAX = 5_000;

/** One connection of its own that listens, made with the first listener and made again whenever it breaks. */
export function createNotices(url: string, onTrouble: (error: Error) => void): Notices {
  const listeners = new Map<string, Set<NoticeListener>>();
  let client: pg.Client | null = null;
  let working: Promise<void> | null = null;
  let closed = false;
  let wake = (): void => {};

  const connect = async (): Promise<void> => {
    const fresh = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS_MAX, query_timeout: ANSWER_MS_MAX, keepAlive: true, application_name: 'wary notices' });
    const ended = new Promise<void>((resolve) => {
      fresh.once('end', () => { resolve(); });
      // A broken connection says both; without a listener the first would end the process.
      fresh.on('error', () => { resolve(); });
    });
    try {
      await fresh.connect();
      fresh.on('notification', ({ channel, payload }) => { for (const listener of listeners.get(channel) ?? []) listener.onNotice(payload ?? ''); });
      for (const channel of listeners.keys()) await fresh.query(`listen ${channel}`);
      client = fresh;
      if (closed) return;
      for (const group of listeners.values()) for (const listener of group) listener.onGap();
      await Promise.race([ended, lookAfter(fresh)]);
    } finally {
      client = null;
      void fresh.end().catch(() => {});
    }
  };

  /** Rejects when the server does not answer any more. */
  const lookAfter = async (fresh: pg.Client): Promise<never> => {
    for (;;) {
      await new Promise<void>((resolve) => { wake = resolve; setTimeout(resolve, LOOK_EVERY_MS).unref(); });
      if (closed) throw new Error('closed');
      await fresh.query('select 1');
    }
  };

  const work = async (): Promise<void> => {
    for (let delayMs: number = RETRY_MS.first; !closed;) {
      const began = Date.now();
      try {
        await connect();
      } catch (error) {
        if (!closed) onTrouble(error as Error);
      }
      if (closed) return;
      // One that held for a while is made again at once.
      delayMs = Date.now() - began > LOOK_EVERY_MS ? RETRY_MS.first : Math.min(RETRY_MS.most, delayMs * 2);
      await sleep(delayMs);
    }
  };

  return {
    listen(channel, listener) {
      const group = listeners.get(channel);
      if (group === undefined) listeners.set(channel, new Set([listener]));
      else group.add(listener);
      if (group === undefined && client !== null) void client.query(`listen ${channel}`).then(() => { listener.onGap(); }, () => { void client?.end().catch(() => {}); });
      working ??= work();
      return () => { listeners.get(channel)?.delete(listener); };
    },
    async close() {
      closed = true;
      wake();
      await client?.end().catch(() => {});
      await working;
    },
  };
}
