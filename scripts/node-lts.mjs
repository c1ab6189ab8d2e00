// The Node that the image runs on, the current LTS, beside the one of this machine: npm carries its binary. The Dockerfile says which.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from './workspaces.mjs';

export const ltsMajor = () => {
  const [, major] = /^ARG NODE_VERSION=(\d+)$/m.exec(readFileSync(join(root, 'deploy/docker/Dockerfile'), 'utf8')) ?? [];
  if (major === undefined) throw new Error('deploy/docker/Dockerfile has no line ARG NODE_VERSION=<major>');
  return major;
};

/** Path of that Node's binary; it is fetched where it is not there yet. Throws with the reason where it cannot be had. */
export function nodeLts() {
  const major = ltsMajor();
  const name = `${process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node'}-${process.platform}-${process.arch}`;
  const folder = join(root, 'node_modules', `.wary-node-${major}`);
  const binary = join(folder, 'node_modules', name, 'bin/node');
  if (!existsSync(binary)) {
    const npm = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ['npm'];
    const { status, stderr } = spawnSync(npm[0], [...npm.slice(1), 'install', '--prefix', folder, '--no-save', '--no-package-lock', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error', `${name}@${major}`], { cwd: root, encoding: 'utf8' });
    if (status !== 0 || !existsSync(binary)) throw new Error(`Node ${major} could not be had from npm: ${stderr.trim().split('\n').at(-1)}`);
  }
  const said = spawnSync(binary, ['-p', 'JSON.stringify({version:process.version,lts:process.release.lts??null})'], { encoding: 'utf8' });
  if (said.status !== 0) throw new Error(`Node ${major} does not run here: ${said.stderr}`);
  return { path: binary, ...JSON.parse(said.stdout) };
}

// `node scripts/node-lts.mjs` prints it.
if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(JSON.stringify(nodeLts()));
