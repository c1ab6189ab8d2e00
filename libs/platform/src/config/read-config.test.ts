import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, readConfig } from './read-config.js';

const linesOf = (env: Record<string, string>): readonly string[] => {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.lines;
    throw error;
  }
};

describe('readConfig', () => {
  it('gives the documented defaults for an empty environment', () => {
    const { env, publicUrl, secureCookies } = readConfig({});
    expect(env).toMatchObject({ WARY_PORT: 7400, WARY_OPS_PORT: 7401, WARY_RETENTION_DAYS: 400, WARY_CONTENT_RETENTION_DAYS: 30, WARY_ALERT_BUDGET_PER_DAY: 5, WARY_ADMIN_EMAIL: 'admin@wary.local' });
    expect(publicUrl).toBe('http://127.0.0.1:7400');
    expect(secureCookies).toBe(false);
  });

  it.each([
    [{ WARY_PORT: '99999' }, 'WARY_PORT'],
    [{ WARY_PORT: 'abc' }, 'WARY_PORT'],
    [{ WARY_RETENTION_DAYS: '10', WARY_CONTENT_RETENTION_DAYS: '20' }, 'WARY_CONTENT_RETENTION_DAYS'],
    [{ WARY_PORT: '7000', WARY_OPS_PORT: '7000' }, 'WARY_OPS_PORT'],
    [{ WARY_SECRET_KEY: 'short' }, 'WARY_SECRET_KEY'],
    [{ WARY_ADMIN_PASSWORD: 'short' }, 'WARY_ADMIN_PASSWORD'],
    [{ WARY_INGEST_KEY: 'wary_short' }, 'WARY_INGEST_KEY'],
    [{ WARY_LOG_LEVEL: 'loud' }, 'WARY_LOG_LEVEL'],
    [{ WARY_KAFKA_TOPICS: 'a=native' }, 'WARY_KAFKA_TOPICS'],
    [{ WARY_KAFKA_BROKERS: 'b:9092', WARY_KAFKA_TOPICS: 'a=nonsense' }, 'WARY_KAFKA_TOPICS'],
    [{ WARY_KAFKA_BROKERS: 'b:9092', WARY_KAFKA_TOPICS: 'a=native,a=nginx' }, 'WARY_KAFKA_TOPICS'],
    [{ WARY_KAFKA_BROKERS: 'b:9092', WARY_KAFKA_TOPICS: 'a=native@nobody' }, 'WARY_KAFKA_TOPICS'],
    [{ WARY_KAFKA_BROKERS: 'b' }, 'WARY_KAFKA_BROKERS'],
    [{ WARY_KAFKA_BROKERS: 'b:9092', WARY_KAFKA_SASL_MECHANISM: 'scram-sha-512' }, 'WARY_KAFKA_SASL_MECHANISM'],
    [{ WARY_KAFKA_BROKERS: 'b:9092', WARY_KAFKA_USERNAME: 'u', WARY_KAFKA_PASSWORD: 'p' }, 'WARY_KAFKA_USERNAME'],
    [{ WARY_KAFKA_BROKERS: 'b:9092', WARY_KAFKA_SASL_MECHANISM: 'plain', WARY_KAFKA_USERNAME: 'u', WARY_KAFKA_PASSWORD: 'p' }, 'WARY_KAFKA_SASL_MECHANISM'],
    [{ WARY_TENANTS: 'acme' }, 'WARY_TENANTS'],
    [{ WARY_TENANTS: 'Acme Inc=a@acme.test' }, 'WARY_TENANTS'],
    [{ WARY_TENANTS: 'default=a@acme.test' }, 'WARY_TENANTS'],
    [{ WARY_TENANTS: 'acme=admin@wary.local' }, 'WARY_TENANTS'],
    [{ WARY_PUBLIC_URL: 'https://x.example/path' }, 'WARY_PUBLIC_URL'],
    [{ WARY_RETENTON_DAYS: '5' }, 'WARY_RETENTON_DAYS'],
  ])('refuses %j and names %s', (env, name) => {
    const lines = linesOf(env as Record<string, string>);
    expect(lines.length).toBe(1);
    expect(lines[0]).toContain(name);
  });

  it('never repeats a value, which may be a secret', () => {
    expect(linesOf({ WARY_SECRET_KEY: 'hunter2' }).join()).not.toContain('hunter2');
  });

  it('reads secrets from the files that are named, and says which file is wrong without a word of it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'wary-secrets-'));
    const file = join(folder, 'password');
    writeFileSync(file, 'a quite long passphrase\n');
    expect(readConfig({ WARY_ADMIN_PASSWORD_FILE: file }).env.WARY_ADMIN_PASSWORD).toBe('a quite long passphrase');
    expect(linesOf({ WARY_ADMIN_PASSWORD_FILE: file, WARY_ADMIN_PASSWORD: 'another long passphrase' })).toEqual(['WARY_ADMIN_PASSWORD_FILE: WARY_ADMIN_PASSWORD is set too; set one of them']);
    expect(linesOf({ WARY_SECRET_KEY_FILE: join(folder, 'none') })).toEqual([expect.stringMatching(/^WARY_SECRET_KEY_FILE: .*none cannot be read \(ENOENT\)$/)]);
    writeFileSync(file, 'hunter2');
    expect(linesOf({ WARY_ADMIN_PASSWORD_FILE: file })).toEqual([expect.stringMatching(/^WARY_ADMIN_PASSWORD: (?!.*hunter2)/)]);
    writeFileSync(file, '\n');
    expect(linesOf({ WARY_ADMIN_PASSWORD_FILE: file })).toEqual([expect.stringContaining('is empty')]);
    expect(linesOf({ WARY_PORT_FILE: file })[0]).toContain('WARY_PORT_FILE is not a variable');
    rmSync(folder, { recursive: true });
  });

  it('counts an empty string as unset', () => {
    expect(readConfig({ WARY_PORT: '' }).env.WARY_PORT).toBe(7400);
  });

  it('wants https cookies when the public address is https', () => {
    expect(readConfig({ WARY_PUBLIC_URL: 'https://wary.example.org/' })).toMatchObject({ publicUrl: 'https://wary.example.org', secureCookies: true });
  });
});
