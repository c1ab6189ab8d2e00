import { WaryError } from '@wary/model/errors.js';

export const EVENT_PATH = Symbol.for('wary.EventPath');
export const ENGINE = Symbol.for('wary.Engine');
export const READINESS = Symbol.for('wary.Readiness');

/** Whether the process takes work: false while it starts and from the first moment of a stop. */
export class Readiness {
  private reason: string | null = 'starting';

  get ready(): boolean { return this.reason === null; }
  get why(): string { return this.reason ?? 'ready'; }

  open(): void { this.reason = null; }
  close(reason: string): void { this.reason = reason; }

  assertReady(): void {
    if (this.reason !== null) throw new WaryError('not_ready', `The service is ${this.reason}`, { retryAfterSeconds: 2 });
  }
}
