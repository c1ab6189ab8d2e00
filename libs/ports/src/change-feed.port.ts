/** What processes keep in memory of the tables: who may do what, registers, settings of detectors, rules. */
export const SETTINGS_KINDS = ['access', 'registers', 'detectors', 'rules'] as const;
export type SettingsKind = (typeof SETTINGS_KINDS)[number];

export interface SettingsChange {
  readonly kind: SettingsKind;
  /** '' for access, which is looked up over all tenants. */
  readonly tenant: string;
  /** Of access: whose it was; null: somebody's, or several changes at once. */
  readonly whom: { readonly userId?: string; readonly sessionId?: string; readonly keyId?: string } | null;
}

/**
 * Tells a process what any process has changed, its own changes included. The stores announce a change in the transaction that makes it, so
 * that none is missed; a listener reads the tables again. Embedded: nobody else changes anything, and nothing is told.
 */
export interface ChangeFeed {
  subscribe(listener: (change: SettingsChange) => void): () => void;
}
export const CHANGE_FEED = Symbol.for('wary.ChangeFeed');
