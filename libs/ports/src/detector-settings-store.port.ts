import type { AuditEntry } from './audit.port.js';

/** What an operator changed of a detector; absent means its defaults. */
export interface StoredDetectorSettings {
  readonly detector: string;
  readonly enabled: boolean;
  readonly weight: number;
  /** Only the changed ones. */
  readonly thresholds: Readonly<Record<string, number>>;
  readonly version: number;
  readonly updatedAt: number;
  readonly updatedBy: string;
}

export interface DetectorSettingsStore {
  listDetectorSettings(tenant: string): Promise<StoredDetectorSettings[]>;
  /** Decides on the locked row (null: never changed), in one transaction with the audit row. */
  changeDetectorSettings(tenant: string, detector: string, decide: (current: StoredDetectorSettings | null) => { readonly next: StoredDetectorSettings; readonly audit: AuditEntry | null }): Promise<StoredDetectorSettings>;
}
export const DETECTOR_SETTINGS_STORE = Symbol.for('wary.DetectorSettingsStore');
