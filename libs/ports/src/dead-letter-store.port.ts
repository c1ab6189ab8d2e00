import type { DeadLetter } from '@wary/model/dead-letter.js';
import type { Page } from './event-store.port.js';

export type DeadLetterSummary = Omit<DeadLetter, 'payload'> & { readonly payloadBytes: number; readonly replayedAt: number | null };
/** Payloads are encrypted (AES-256-GCM, key derived from the secret key) by the adapter before they are written, and expire with the content retention. */
export interface DeadLetterStore {
  insertDeadLetters(letters: readonly DeadLetter[]): Promise<void>;
  listDeadLetters(tenant: string, limit: number, cursor?: string): Promise<Page<DeadLetterSummary>>;
  /** With payload decrypted, for replay. */
  loadDeadLetters(tenant: string, ids: readonly string[]): Promise<DeadLetter[]>;
  markReplayed(tenant: string, ids: readonly string[], at: number): Promise<void>;
}
export const DEAD_LETTER_STORE = Symbol.for('wary.DeadLetterStore');
