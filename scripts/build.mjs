// Transpiles every workspace's src/ to dist/ (types are checked apart, by `npm run typecheck`) and builds the dashboard.
import { build } from 'esbuild';
import { cp, rm } from 'node:fs/promises';
import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root, workspaceDirs } from './workspaces.mjs';

const only = process.argv.includes('--server') ? 'server' : process.argv.includes('--dashboard') ? 'dashboard' : 'all';

function filesBelow(dir) {
  return readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}

async function buildServer() {
  for (const dir of workspaceDirs()) {
    const src = join(dir, 'src');
    if (dir.endsWith('dashboard') || !existsSync(src)) continue;
    const files = filesBelow(src);
    const code = files.filter((file) => file.endsWith('.ts') && !/\.(test|bench)\.ts$/.test(file));
    const dist = join(dir, 'dist');
    await rm(dist, { recursive: true, force: true });
    if (code.length === 0) continue;
    await build({ entryPoints: code, outdir: dist, outbase: src, format: 'esm', platform: 'node', target: 'node20.19', sourcemap: 'linked', sourcesContent: false, logLevel: 'warning', tsconfig: join(root, 'tsconfig.base.json') });
    for (const file of files.filter((path) => /\.(sql|json|proto|txt|csv)$/.test(path) && !path.includes('fixtures'))) {
      await cp(file, join(dist, relative(src, file)));
    }
  }
}

async function buildDashboard() {
  const dir = join(root, 'apps/dashboard');
  if (!existsSync(join(dir, 'index.html'))) return;
  const vite = await import('vite');
  await vite.build({ root: dir, configFile: join(dir, 'vite.config.ts'), logLevel: 'warn' });
}

const started = performance.now();
if (only !== 'dashboard') await buildServer();
if (only !== 'server') await buildDashboard();
console.log(`built ${only} in ${((performance.now() - started) / 1000).toFixed(1)} s`);
