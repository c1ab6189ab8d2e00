// `npm run test:system`: the product as a user runs it, in processes of its own, with a real browser and real servers.
// Installs the Debian packages that it needs where it may (root on Debian or Ubuntu), and says what is missing otherwise.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './workspaces.mjs';

const NEEDS = [
  { name: 'chromium', file: '/usr/bin/chromium' },
  { name: 'nginx-light', file: '/usr/sbin/nginx' },
  { name: 'postgresql', file: '/usr/lib/postgresql' },
  { name: 'default-jre-headless', file: '/usr/bin/java' },
  { name: 'maven', file: '/usr/bin/mvn' },
  { name: 'prometheus', file: '/usr/bin/promtool' },
];

const missing = NEEDS.filter(({ file }) => !existsSync(file)).map(({ name }) => name);
if (missing.length > 0) {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    console.error(`The system tests need: ${missing.join(', ')}. Install them, then run this again.`);
    process.exit(1);
  }
  console.log(`Installing ${missing.join(', ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update', '-qq'], ['install', '-y', '-qq', '--no-install-recommends', ...missing]]) {
    const { status } = spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env });
    if (status !== 0) {
      console.error(`apt-get ${args[0]} failed`);
      process.exit(1);
    }
  }
}
const { status } = spawnSync(process.execPath, [join(root, 'node_modules/vitest/vitest.mjs'), 'run', '--config', 'vitest.system.config.ts', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);
