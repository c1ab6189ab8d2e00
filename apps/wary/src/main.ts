import { runWary } from './run-wary.js';

// The bare service for process managers; `wary start` prints more for people.
await runWary({
  env: process.env,
  onReady: ({ generated: { adminEmail, adminPassword, ingestKey } }) => {
    // Shown once: nothing of it is kept in clear.
    if (adminPassword !== null) process.stderr.write(`wary: the first administrator is ${adminEmail} with the password ${adminPassword}\n`);
    if (ingestKey !== null) process.stderr.write(`wary: the first ingest key is ${ingestKey}\n`);
  },
});
