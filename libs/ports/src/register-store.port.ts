import type { RegisterName, RegisterRow, Registers } from '@wary/model/registers.js';
import type { Actor } from './workflow.port.js';
import type { Page } from './event-store.port.js';

/** One change of one register. Versions count over all registers of a tenant. */
export interface RegisterVersion {
  readonly version: number;
  readonly register: RegisterName;
  readonly at: number;
  readonly by: string;
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

export type RegisterChange<N extends RegisterName = RegisterName> =
  | { readonly kind: 'replace'; readonly rows: readonly RegisterRow<N>[] }
  | { readonly kind: 'upsert'; readonly rows: readonly RegisterRow<N>[] }
  | { readonly kind: 'delete'; readonly ids: readonly string[] };

/** Rows are kept with the versions they were valid in, so that every version can be read again. */
export interface RegisterStore {
  /** The present state, or the state at a version. */
  readRegisters(tenant: string, version?: number): Promise<Registers>;
  /** The latest version that touched each register. */
  registerVersions(tenant: string): Promise<Partial<Record<RegisterName, RegisterVersion>>>;
  /** One transaction with its audit row; null when the change changes nothing. A stale `ifMatch` (version of this register) throws `stale_version`. */
  changeRegister<N extends RegisterName>(tenant: string, register: N, change: RegisterChange<N>, by: Actor, at: number, ifMatch?: number): Promise<RegisterVersion | null>;
  /** Newest first. */
  listRegisterVersions(tenant: string, register: RegisterName, limit: number, cursor?: string): Promise<Page<RegisterVersion>>;
}
export const REGISTER_STORE = Symbol.for('wary.RegisterStore');
