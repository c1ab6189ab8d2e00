// `node scripts/assemble.mjs FOLDER`: what runs, and nothing else: built code, the dashboard's files, rules, and the packages that production needs.
// The image is made of it (deploy/docker); `npm run build` goes before.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { root, workspaceDirs } from './workspaces.mjs';

const [given] = process.argv.slice(2);
if (given === undefined) {
  console.error('node scripts/assemble.mjs FOLDER');
  process.exit(2);
}
const target = resolve(given);
if (existsSync(target) && readdirSync(target).length > 0) {
  console.error(`${target} is not empty`);
  process.exit(1);
}

/** Needed by tests alone. */
const isForTests = (dir) => dir.endsWith('/testkit');
const isDashboard = (dir) => dir.endsWith('/dashboard');
const ROOT_FILES = ['package.json', 'package-lock.json', '.npmrc', 'LICENSE', 'rules', 'deploy/docker/healthcheck.mjs'];

mkdirSync(target, { recursive: true });
for (const file of ROOT_FILES) cpSync(join(root, file), join(target, file), { recursive: true });
for (const dir of workspaceDirs()) {
  const to = join(target, relative(root, dir));
  // The lock file names every workspace, so each must be there, if only by name.
  cpSync(join(dir, 'package.json'), join(to, 'package.json'));
  const dist = join(dir, 'dist');
  if (isForTests(dir)) continue;
  if (existsSync(dist)) cpSync(dist, join(to, 'dist'), { recursive: true, filter: (path) => !path.endsWith('.map') && !/\/dist\/testing(\/|$)/.test(path) });
  else if (existsSync(join(dir, 'src'))) {
    console.error(`${relative(root, dir)} is not built: npm run build first`);
    process.exit(1);
  }
}

// The dashboard is files by now: what it was built from is left out, and so are types for compilers.
const runs = workspaceDirs().filter((dir) => !isForTests(dir) && !isDashboard(dir)).map((dir) => JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')).name);
const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm'];
const { status } = spawnSync(npm[0], [...npm.slice(1), 'ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', ...runs.flatMap((name) => ['--workspace', name])], { cwd: target, stdio: ['ignore', 'inherit', 'inherit'] });
if (status !== 0) process.exit(status ?? 1);
// An optional peer of packages that only read decorators while they run.
for (const unneeded of ['typescript', '@types']) rmSync(join(target, 'node_modules', unneeded), { recursive: true, force: true });
console.log(`assembled in ${target}`);
