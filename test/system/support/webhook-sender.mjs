// One of several processes that send webhooks from one database: node webhook-sender.mjs, with WARY_POSTGRES_URL and LEASE_MS.
import { tmpdir } from 'node:os';
import { openPostgres } from '@wary/adapter-postgres/open-postgres.js';
import { createWebhookChannel } from '@wary/adapter-webhook/webhook-channel.js';
import { createSystemRandom, systemClock } from '@wary/platform/config/system-random.js';
import { createLogger } from '@wary/platform/logging/create-logger.js';
import { createWebhooks } from '@wary/platform/webhooks/create-webhooks.js';
import { createAesGcmCipher } from '@wary/protect/aes-gcm-cipher.js';
import { deriveKey } from '@wary/protect/derive-keys.js';

const postgres = await openPostgres({ url: process.env.WARY_POSTGRES_URL, dataDir: tmpdir(), connectionsMax: 5 });
const allow = ['127.0.0.1'];
const { dispatcher } = createWebhooks({
  postgres, allow, channel: createWebhookChannel({ allow }), cipher: createAesGcmCipher([deriveKey(process.env.WARY_SECRET_KEY, 'encryption')]), clock: systemClock, random: createSystemRandom(systemClock),
  logger: createLogger('error'), publicUrl: 'http://wary.test', exclusive: false, limits: { leaseMs: Number(process.env.LEASE_MS), pollMs: 100, outboxRowsPerTurn: 50 },
});
await dispatcher.start();
process.on('SIGTERM', () => { void dispatcher.stop(5_000).then(() => postgres.close()).then(() => process.exit(0)); });
console.log('ready');
