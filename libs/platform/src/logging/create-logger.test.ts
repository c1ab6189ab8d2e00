import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';

/** Runs the real logger in a child process and gives what it wrote. */
async function logged(script: string): Promise<string> {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const { outputFiles } = await build({ stdin: { contents: `import { createLogger } from './create-logger.ts';\nconst log = createLogger('info');\n${script}`, resolveDir: here, loader: 'ts' }, bundle: true, platform: 'node', format: 'esm', packages: 'external', write: false });
  const run = spawnSync(process.execPath, ['--input-type=module', '-'], { input: outputFiles[0]!.text, cwd: here, encoding: 'utf8' });
  expect(run.stderr).toBe('');
  return run.stdout;
}

describe('createLogger', () => {
  it('writes one JSON line an event, whatever the logged text holds', async () => {
    const hostile = ['a\r\nb', '\u001b[31mred', '\u202eevil', 'x\u2028y', '\u2029', '\u0085next', '"}\n{"level":"info"'];
    const output = await logged(`for (const text of ${JSON.stringify(hostile)}) log.info({ user: text, nested: { text } }, text);`);
    const lines = output.split('\n').filter((line) => line !== '');
    expect(lines).toHaveLength(hostile.length);
    lines.forEach((line, index) => {
      expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
      expect(JSON.parse(line)).toMatchObject({ user: hostile[index], msg: hostile[index] });
    });
  });

  it('whatever the field: name, value, list, error, cause, child', async () => {
    const hostile = ['\r', '\n', '\r\n', '\u0000', '\u0008', '\u001b[2J', '\u009b31m', '\u0085', '\u2028', '\u2029', '\u061c', '\u200e', '\u200f', '\u202a', '\u202b', '\u202d', '\u202e', '\u2066', '\u2067', '\u2068', '\u2069', '"}\n{"level":"fatal","msg":"forged"}'].map((text) => `a${text}b`);
    const output = await logged(`for (const text of ${JSON.stringify(hostile)}) {
      const error = Object.assign(new Error(text, { cause: new Error(text) }), { code: text, [text]: text });
      error.stack = text;
      log.child({ [text]: text, requestId: text }).warn({ err: error, list: [text, { [text]: [text] }], ip: text, path: text, userId: text }, text);
    }`);
    const lines = output.split('\n').filter((line) => line !== '');
    expect(lines).toHaveLength(hostile.length);
    lines.forEach((line, index) => {
      expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/);
      const text = hostile[index]!;
      expect(JSON.parse(line)).toMatchObject({ level: 'warn', msg: text, requestId: text, ip: text, path: text, userId: text, list: [text, { [text]: [text] }], [text]: text });
    });
  });

  it('redacts secrets', async () => {
    const output = await logged(`log.info({ password: 'hunter2', headers: { authorization: 'Bearer abc' } }, 'x');`);
    expect(output).not.toMatch(/hunter2|Bearer abc/);
  });
});
