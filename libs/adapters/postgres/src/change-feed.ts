import { SETTINGS_KINDS, type ChangeFeed, type SettingsChange, type SettingsKind } from '@wary/ports/change-feed.port.js';
import type { SettingsNotice } from './announce.js';
import { SETTINGS_CHANNEL } from './notices.js';
import type { PostgresHandle } from './open-postgres.js';

export interface PostgresChangeFeed extends ChangeFeed {
  /** From the versions as they stand; before the first settings are read, so that no change falls between. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** The net for notices that were lost; well within the five seconds in which a key that was revoked has to be refused. */
const POLL_MS = 2_000;

/** Hears notices, and compares versions now and then; each version is told once. */
export function createChangeFeed({ db, notices }: Pick<PostgresHandle, 'db' | 'notices'>, onTrouble: (error: unknown) => void, pollMs = POLL_MS): PostgresChangeFeed {
  const listeners = new Set<(change: SettingsChange) => void>();
  const known = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  let looking: Promise<void> | null = null;
  let unlisten = (): void => {};
  let stopped = true;
  /** What came before anybody listened: the settings that a start has read may be older. */
  const early: SettingsChange[] = [];

  const tell = (change: SettingsChange): void => {
    if (listeners.size === 0) early.push(change);
    for (const listener of listeners) {
      try {
        listener(change);
      } catch (error) {
        onTrouble(error);
      }
    }
  };
  const take = ({ kind, tenant, version }: { readonly kind: SettingsKind; readonly tenant: string; readonly version: number }, whom: SettingsChange['whom']): void => {
    const key = `${kind}\n${tenant}`;
    const before = known.get(key) ?? 0;
    if (version <= before) return;
    known.set(key, version);
    // One that was left out may have been anybody's.
    tell({ kind, tenant, whom: version === before + 1 ? whom : null });
  };
  const read = async () => (await db.selectFrom('settings_versions').selectAll().execute()).filter((row): row is typeof row & { kind: SettingsKind } => (SETTINGS_KINDS as readonly string[]).includes(row.kind));
  const look = (): void => {
    if (stopped) return;
    looking ??= read().then((rows) => { if (!stopped) for (const row of rows) take(row, null); }).catch(onTrouble).finally(() => { looking = null; });
  };

  return {
    subscribe(listener) {
      listeners.add(listener);
      for (const change of early.splice(0)) tell(change);
      return () => { listeners.delete(listener); };
    },
    async start() {
      for (const { kind, tenant, version } of await read()) known.set(`${kind}\n${tenant}`, version);
      stopped = false;
      unlisten = notices.listen(SETTINGS_CHANNEL, {
        onNotice(payload) {
          const notice = readNotice(payload);
          if (notice !== null) take(notice, notice.whom);
        },
        onGap: look,
      });
      timer = setInterval(look, pollMs);
      timer.unref();
    },
    async stop() {
      stopped = true;
      clearInterval(timer);
      unlisten();
      await looking;
    },
  };
}

/** Null: somebody else's word, or a kind that only a newer version knows. */
function readNotice(payload: string): SettingsNotice | null {
  try {
    const notice = JSON.parse(payload) as SettingsNotice;
    return (SETTINGS_KINDS as readonly string[]).includes(notice.kind) && typeof notice.tenant === 'string' && Number.isSafeInteger(notice.version) ? notice : null;
  } catch {
    return null;
  }
}
