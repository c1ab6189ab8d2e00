import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const folder = join(import.meta.dirname, '../../deploy/monitoring');
const promtool = (...args: string[]): string => {
  const { status, stdout, stderr, error } = spawnSync('promtool', args, { cwd: folder, encoding: 'utf8' });
  if (error !== undefined) throw error;
  return `${status} ${stdout}${stderr}`;
};

it('Prometheus takes the alert rules, and they fire when they should', () => {
  expect(promtool('check', 'config', 'prometheus.yml')).toMatch(/^0 /);
  expect(promtool('check', 'rules', 'alerts.yml')).toContain(`SUCCESS: ${readFileSync(join(folder, 'alerts.yml'), 'utf8').match(/- alert: /g)!.length} rules found`);
  expect(promtool('test', 'rules', 'alerts.test.yml')).toMatch(/^0 .*SUCCESS/s);
});
