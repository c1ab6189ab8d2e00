// Installs and builds what is missing, and nothing twice: the other npm scripts begin with it. Needs only Node.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stampFile = join(root, 'node_modules', '.wary-setup.json');
const quiet = process.argv.includes('--quiet');
const say = (line) => { if (!quiet) console.error(line); };

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Wary needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}
if (process.platform === 'win32') {
  console.error('The embedded ClickHouse engine runs on Linux (glibc) and macOS; on Windows use WSL 2.');
  process.exit(1);
}

const hashOf = (parts) => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
};

/** Names, sizes and change times of every source file: cheap, and changes whenever a source does. */
function* sourceStates(dir) {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    if (entry.name === 'node_modules' || entry.name === 'dist' || entry.name.startsWith('.')) continue;
    const path = join(dir, entry.name);
    if (entry.isDirectory()) yield* sourceStates(path);
    else if (!/\.(test|bench)\.tsx?$|\.md$/.test(entry.name)) {
      const { size, mtimeMs } = statSync(path);
      yield `${path} ${size} ${mtimeMs}`;
    }
  }
}

function readStamp() {
  try {
    return JSON.parse(readFileSync(stampFile, 'utf8'));
  } catch {
    return {};
  }
}

function run(what, command, args) {
  say(what);
  const started = performance.now();
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: quiet ? ['ignore', 'ignore', 'inherit'] : ['ignore', 'inherit', 'inherit'] });
  if (error || status !== 0) {
    console.error(`${what} failed${error ? `: ${error.message}` : ''}. Nothing was started.`);
    process.exit(status ?? 1);
  }
  say(`  done in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

const install = hashOf([readFileSync(join(root, 'package-lock.json')), process.versions.modules, process.platform, process.arch]);
if (readStamp().install !== install || !existsSync(join(root, 'node_modules', 'esbuild'))) {
  run('Installing packages (once; about a minute)', process.env.npm_execpath ? process.execPath : 'npm', [...(process.env.npm_execpath ? [process.env.npm_execpath] : []), 'ci', '--loglevel=error']);
  writeFileSync(stampFile, JSON.stringify({ install }));
}
const build = hashOf([...sourceStates(join(root, 'apps')), ...sourceStates(join(root, 'libs')), ...sourceStates(join(root, 'scripts'))]);
const built = readStamp().build === build && existsSync(join(root, 'apps/cli/dist/main.js')) && existsSync(join(root, 'apps/dashboard/dist/index.html'));
if (!built) {
  run('Building', process.execPath, [join(root, 'scripts/build.mjs')]);
  writeFileSync(stampFile, JSON.stringify({ install, build }));
}
