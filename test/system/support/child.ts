import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface Child { readonly process: ChildProcess; readonly output: () => string; exited(): Promise<number | null> }

/** Starts a script and resolves when it says `ready` (or throws with what it wrote when it ends before). */
export async function startChild(script: string, args: readonly string[], env: Readonly<Record<string, string>>, readyMs = 60_000, isReady: (output: string) => boolean = (output) => /^ready$/m.test(output)): Promise<Child> {
  const child = spawn(process.execPath, [script, ...args], { env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  child.stderr.on('data', (chunk: Buffer) => { output += chunk.toString(); });
  const ended = once(child, 'exit').then(([code]) => code as number | null);
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => { child.kill('SIGKILL'); reject(new Error(`not ready in ${readyMs} ms:\n${output}`)); }, readyMs);
    const look = (): void => {
      if (!isReady(output)) return;
      clearTimeout(timer);
      resolve();
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    void ended.then((code) => { clearTimeout(timer); reject(new Error(`ended with ${code} before it was ready:\n${output}`)); });
  });
  return { process: child, output: () => output, exited: () => ended };
}

export const CRASHING_WARY = fileURLToPath(new URL('./crashing-wary.mjs', import.meta.url));

export async function stopChild(child: Child): Promise<number | null> {
  child.process.kill('SIGTERM');
  return child.exited();
}
