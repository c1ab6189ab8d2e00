import { Command } from 'commander';
import { runCommand } from '../terminal/run-command.js';

export const startCommand = (): Command => new Command('start')
  .description('Start Wary in one process on embedded engines; the environment (WARY_…) sets it')
  .action(runCommand(start));

async function start(): Promise<void> {
  // Loaded here: the engines take a second, and no other command needs them.
  const { runWary } = await import('@wary/app-wary/run-wary.js');
  await runWary({
    env: process.env,
    onReady: ({ url, generated: { adminEmail, adminPassword, ingestKey } }) => {
      const lines = ['', `  Wary is ready:  ${url}`];
      if (adminPassword !== null) lines.push(`  Sign in:        ${adminEmail}  ${adminPassword}`, '                  (shown once; change it on the account page)');
      if (ingestKey !== null) lines.push(`  Ingest key:     ${ingestKey}`, '                  (shown once)');
      lines.push('', '  Send the first event:', '', `    curl -sS ${url}/v1/events -H 'authorization: Bearer ${ingestKey ?? 'YOUR_INGEST_KEY'}' -H 'content-type: application/x-ndjson' \\`, `      --data '{"time":"${new Date().toISOString()}","kind":"access","actor":{"id":"alice"},"action":"read","resource":{"id":"ds/customers","type":"dataset"}}'`, '');
      process.stdout.write(`${lines.join('\n')}\n`);
    },
  });
}
