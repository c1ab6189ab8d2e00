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
    onReady: ({ url, generated: { adminEmail, adminPassword, ingestKey, others } }) => {
      const lines = ['', `  Wary is ready:  ${url}`];
      if (adminPassword !== null) lines.push(`  Sign in:        ${adminEmail}  ${adminPassword}`, '                  (shown once; change it on the account page)');
      if (ingestKey !== null) lines.push(`  Ingest key:     ${ingestKey}`, '                  (shown once)');
      for (const other of others) {
        if (other.adminPassword !== null) lines.push(`  Tenant ${other.tenant}:`, `    Sign in:      ${other.adminEmail}  ${other.adminPassword}`);
        if (other.ingestKey !== null) lines.push(`    Ingest key:   ${other.ingestKey}`);
      }
      lines.push('', '  Send the first event:', '', `    curl -sS ${url}/v1/events -H 'authorization: Bearer ${ingestKey ?? 'YOUR_INGEST_KEY'}' -H 'content-type: application/x-ndjson' \\`, `      --data '{"time":"${new Date().toISOString()}","kind":"access","actor":{"id":"alice"},"action":"read","resource":{"id":"ds/customers","type":"dataset"}}'`, '');
      process.stdout.write(`${lines.join('\n')}\n`);
    },
  });
}
