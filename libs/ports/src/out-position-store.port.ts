import type { ChangesRead } from './workflow-store.port.js';

/** How far committed changes were sent on to other systems. */
export interface OutPositionStore {
  /**
   * Gives `send` what was committed after the position, at most `limit` changes, and moves the position behind them when it resolves. One
   * process at a time does so for a name. Null: another one is at it. Otherwise what was read (`lost`: changes that are kept no more and
   * were never sent), with `more` when there may be more. When `send` rejects nothing is moved, and it is given the same again.
   */
  advance(name: string, limit: number, send: (read: ChangesRead) => Promise<void>): Promise<{ readonly changes: number; readonly lost: number; readonly position: number; readonly more: boolean } | null>;
}
export const OUT_POSITION_STORE = Symbol.for('wary.OutPositionStore');
