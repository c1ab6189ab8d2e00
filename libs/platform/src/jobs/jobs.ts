/** What people see of work that goes on beside the stream: a preview, a backtest. */
export interface JobView {
  readonly id: string;
  readonly state: 'running' | 'done' | 'cancelled' | 'failed';
  readonly startedAt: number;
  readonly finishedAt: number | null;
  readonly error: string | null;
}

/** Such work: in this process alone the answers are there at once, where others do it too they are asked for. */
export interface Jobs<R, V extends JobView> {
  /** Throws `rate_limited` or `conflict` when enough is going on. */
  start(tenant: string, request: R): V | Promise<V>;
  /** Throws `not_found`. */
  get(tenant: string, id: string): V | Promise<V>;
  /** Newest first. */
  list(tenant: string): V[] | Promise<V[]>;
  cancel(tenant: string, id: string): V | Promise<V>;
  /** Ends everything under way; for the stop of the service. */
  close(): Promise<void>;
}
