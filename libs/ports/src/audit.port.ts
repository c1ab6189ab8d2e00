import type { Actor } from './workflow.port.js';
import type { Page } from './event-store.port.js';

/** One change: who, when, from where, before and after. Never holds a secret. Written in the transaction of the change. */
export interface AuditEntry {
  readonly tenant: string;
  readonly at: number;
  readonly actor: Actor;
  /** `<thing>.<verb>`, such as `user.disable`. */
  readonly action: string;
  /** `<thing>:<id>`, such as `user:01J…`. */
  readonly target: string;
  readonly before: unknown;
  readonly after: unknown;
}

export interface AuditRecord extends AuditEntry { readonly id: string }

export interface AuditQuery {
  readonly tenant: string;
  readonly actor?: string;
  /** Whole, or a prefix such as `user.`. */
  readonly action?: string;
  readonly target?: string;
  readonly from?: number;
  readonly to?: number;
  readonly limit: number;
  readonly cursor?: string;
}

/** Newest first. */
export interface AuditStore { listAudit(query: AuditQuery): Promise<Page<AuditRecord>> }
export const AUDIT_STORE = Symbol.for('wary.AuditStore');
