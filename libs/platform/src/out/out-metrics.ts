import { Counter, Gauge, type Registry } from 'prom-client';

export interface OutMetrics {
  sent(topic: string, messages: number): void;
  /** Numbered changes that are not sent yet. */
  behind(changes: number): void;
  lost(changes: number): void;
  failed(): void;
}

export function createOutMetrics(registry: Registry): OutMetrics {
  const registers = [registry];
  const sent = new Counter({ name: 'wary_out_messages_total', help: 'Messages about alerts and incidents that the brokers have acknowledged', labelNames: ['topic'], registers });
  const behind = new Gauge({ name: 'wary_out_lag_changes', help: 'Changes of alerts and incidents that wait to be sent to their topics; 0 in a process that does not send', registers });
  const lost = new Counter({ name: 'wary_out_lost_changes_total', help: 'Changes that were removed before they were sent to their topics', registers });
  const failed = new Counter({ name: 'wary_out_failures_total', help: 'Times that changes could not be sent to their topics and were kept for another try', registers });
  return {
    sent: (topic, messages) => { sent.inc({ topic }, messages); }, behind: (changes) => { behind.set(changes); }, lost: (changes) => { lost.inc(changes); }, failed: () => { failed.inc(); },
  };
}
