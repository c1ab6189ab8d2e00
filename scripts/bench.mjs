// `npm run bench -- NAME [args]`: one benchmark of bench/; without a name, the list.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from './workspaces.mjs';

const names = readdirSync(join(root, 'bench')).filter((file) => file.endsWith('.ts')).map((file) => file.slice(0, -3)).sort();
const [name, ...args] = process.argv.slice(2);
if (name === undefined || !names.includes(name)) {
  if (name !== undefined) console.error(`There is no benchmark "${name}".`);
  console.log('npm run bench -- NAME');
  for (const each of names) {
    const about = /^\/\*\*\s*\n?\s*\*?\s*(.+?)(?:\n|\*\/)/.exec(readFileSync(join(root, 'bench', `${each}.ts`), 'utf8'))?.[1] ?? '';
    console.log(`  ${each.padEnd(20)} ${about}`);
  }
  process.exit(name === undefined ? 0 : 2);
}
const out = mkdtempSync(join(root, 'node_modules', '.bench-'));
try {
  const file = join(out, `${name}.mjs`);
  await build({ entryPoints: [join(root, 'bench', `${name}.ts`)], outfile: file, bundle: true, packages: 'external', platform: 'node', format: 'esm', target: 'node20.19', logLevel: 'warning' });
  const { status } = spawnSync(process.execPath, ['--expose-gc', file, ...args], { cwd: root, stdio: 'inherit' });
  process.exitCode = status ?? 1;
} finally {
  rmSync(out, { recursive: true, force: true });
}
