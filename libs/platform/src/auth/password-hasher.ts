import { hash, verify } from '@node-rs/argon2';
import { WaryError } from '@wary/model/errors.js';

/** OWASP Password Storage Cheat Sheet: Argon2id (the library's default algorithm) with 19 MiB, two passes, one lane. */
const ARGON2_OPTIONS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

export interface PasswordHasher {
  hash(password: string): Promise<string>;
  /** Against no hash (nobody of that name) it does the same work and says no, so that the time tells nothing. */
  matches(passwordHash: string | null, password: string): Promise<boolean>;
}

/** A flood of sign-ins must not take all memory: some run, some wait, the rest are told to come back. */
export function createPasswordHasher({ checksMax, waitingMax }: { checksMax: number; waitingMax: number }): PasswordHasher {
  let running = 0;
  const waiting: Array<() => void> = [];
  let nobody: Promise<string> | null = null;

  async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running >= checksMax) {
      if (waiting.length >= waitingMax) throw new WaryError('rate_limited', 'Too many sign-ins at this moment', { retryAfterSeconds: 2 });
      await new Promise<void>((resolve) => { waiting.push(resolve); });
    } else {
      running += 1;
    }
    try {
      return await work();
    } finally {
      // The place goes to the longest waiting, or is free.
      const next = waiting.shift();
      if (next !== undefined) next();
      else running -= 1;
    }
  }

  return {
    hash: (password) => inTurn(() => hash(password, ARGON2_OPTIONS)),
    async matches(passwordHash, password) {
      nobody ??= hash('nobody has this password', ARGON2_OPTIONS);
      const against = passwordHash ?? (await nobody);
      const equal = await inTurn(() => verify(against, password));
      return equal && passwordHash !== null;
    },
  };
}
