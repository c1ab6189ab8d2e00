import { setTimeout as sleep } from 'node:timers/promises';
import type { ChangeFeed, SettingsKind } from '@wary/ports/change-feed.port.js';
import type { CachingAuthenticator } from '../auth/caching-authenticator.js';
import type { DetectorService } from '../detectors/detector-service.js';
import type { RegisterService } from '../registers/register-service.js';
import type { RuleService } from '../rules/rule-service.js';

/** What a process keeps in memory; a process has those that it needs. */
export interface FollowParts {
  readonly feed: ChangeFeed;
  readonly authenticator?: Pick<CachingAuthenticator, 'revoke'>;
  readonly registers?: Pick<RegisterService, 'load'>;
  readonly detectors?: Pick<DetectorService, 'reload'>;
  readonly rules?: Pick<RuleService, 'reload'>;
  readonly onTrouble: (error: unknown) => void;
}
const RETRY_MS = 500;

/** Brings what other processes changed into the memory of this one. Gives the way out, which waits for what is being read. */
export function followSettings({ feed, authenticator, registers, detectors, rules, onTrouble }: FollowParts): () => Promise<void> {
  const reload: { readonly [K in SettingsKind]?: (tenant: string) => Promise<unknown> } = {
    ...(registers === undefined ? {} : { registers: (tenant) => registers.load(tenant) }),
    ...(detectors === undefined ? {} : { detectors: (tenant) => detectors.reload(tenant) }),
    ...(rules === undefined ? {} : { rules: (tenant) => rules.reload(tenant) }),
  };
  /** What is being read, and whether it changed again meanwhile. */
  const reading = new Map<string, { again: boolean; done: Promise<void> }>();
  let stopped = false;

  const read = async (key: string, run: () => Promise<unknown>): Promise<void> => {
    const state = reading.get(key)!;
    do {
      state.again = false;
      try {
        await run();
      } catch (error) {
        // A change that was told once must come in: the store is asked until it answers.
        onTrouble(error);
        state.again = true;
        await sleep(RETRY_MS);
      }
    } while (state.again && !stopped);
    reading.delete(key);
  };

  const unsubscribe = feed.subscribe(({ kind, tenant, whom }) => {
    if (kind === 'access') {
      authenticator?.revoke(whom ?? { everybody: true });
      return;
    }
    const run = reload[kind];
    if (run === undefined) return;
    const key = `${kind}\n${tenant}`;
    const state = reading.get(key);
    if (state !== undefined) {
      state.again = true;
      return;
    }
    const fresh = { again: false, done: Promise.resolve() };
    reading.set(key, fresh);
    fresh.done = read(key, () => run(tenant));
  });
  return async () => {
    stopped = true;
    unsubscribe();
    await Promise.all([...reading.values()].map(({ done }) => done));
  };
}
