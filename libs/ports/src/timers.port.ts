/** Waiting, so that a simulation can wait without any time going by. */
export interface Timers {
  sleep(ms: number): Promise<void>;
  /** Lets everything else that is ready have its turn. */
  turn(): Promise<void>;
  /** Calls again and again; gives the way to end it. */
  every(ms: number, act: () => void): () => void;
}
