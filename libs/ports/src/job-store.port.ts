import type { Json } from '@wary/model/json.js';

/** Work that one process does for a person who asks any of them how far it is. */
export interface StoredJob {
  readonly id: string;
  readonly kind: string;
  readonly tenant: string;
  /** The process that does it. */
  readonly node: string;
  readonly running: boolean;
  readonly startedAt: number;
  /** What people are shown of it. */
  readonly view: Json;
}
export interface KnownJob extends StoredJob {
  /** Its process has told of it within `JOB_EXPIRES_MS`, by the database's clock; false of one that runs: nobody does it any more. */
  readonly heard: boolean;
}
export const JOB_EXPIRES_MS = 15_000;

export interface JobStore {
  /** Tells how it stands, and that it is alive. */
  putJob(job: StoredJob): Promise<void>;
  findJob(kind: string, tenant: string, id: string): Promise<KnownJob | null>;
  /** Newest first. */
  listJobs(kind: string, tenant: string, limit: number): Promise<KnownJob[]>;
  /** Asks its process to end it. */
  cancelJob(kind: string, tenant: string, id: string): Promise<void>;
  /** Ids of this process's running jobs that somebody wants ended. */
  cancelledJobs(kind: string, node: string): Promise<string[]>;
  /** Removes those that began before. */
  pruneJobs(kind: string, startedBefore: number): Promise<void>;
}
export const JOB_STORE = Symbol.for('wary.JobStore');
