import type { Entity } from '@wary/model/entity.js';
import type { Finding } from '@wary/model/finding.js';
import type { Page } from './event-store.port.js';

export interface FindingQuery {
  readonly tenant: string; readonly entity?: Entity; readonly detector?: string; readonly from?: number; readonly to?: number;
  readonly historical?: boolean; readonly ids?: readonly string[]; readonly limit: number; readonly cursor?: string;
}
/** Append-only revisions; reads give the latest revision of each id unless asked for one. Idempotent by (id, revision). */
export interface FindingStore {
  insertFindings(findings: readonly Finding[]): Promise<void>;
  findFindings(query: FindingQuery): Promise<Page<Finding>>;
  findingRevisions(tenant: string, id: string): Promise<Finding[]>;
}
export const FINDING_STORE = Symbol.for('wary.FindingStore');
