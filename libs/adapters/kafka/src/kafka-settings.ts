import type { ConnectionOptions } from 'node:tls';
import type { SASLOptions } from 'kafkajs';

export const SASL_MECHANISMS = ['plain', 'scram-sha-256', 'scram-sha-512'] as const;
export type SaslMechanism = (typeof SASL_MECHANISMS)[number];

/** How the brokers are reached. */
export interface KafkaSettings {
  readonly brokers: readonly string[];
  /** null: without TLS. */
  readonly tls: ConnectionOptions | null;
  readonly sasl: { readonly mechanism: SaslMechanism; readonly username: string; readonly password: string } | null;
  /** Named in the brokers' logs and quotas. */
  readonly clientId: string;
}

export const saslOptions = ({ mechanism, username, password }: NonNullable<KafkaSettings['sasl']>): SASLOptions => ({ mechanism, username, password }) as SASLOptions;
