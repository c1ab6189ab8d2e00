import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { classifyKey } from './find-secret.js';
import { scanText } from './scan-text.js';
import { SECRET_TYPES } from './span.js';
import { TOKEN_RULES } from './token-rules.js';

const found = (text: string): string[] => scanText(text).filter((span) => span.secret).map((span) => `${span.type} ${text.slice(span.start, span.end)}`);
const HEX = '0123456789abcdef';
const ALNUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Characters that look random and are the same in every run. Tokens are put together here, so that none stands in the sources. */
function noise(chars: number, alphabet = ALNUM): string {
  let state = 12_345;
  let text = '';
  while (text.length < chars) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    text += alphabet[(state >>> 16) % alphabet.length];
  }
  return text;
}
const base64url = (text: string): string => Buffer.from(text).toString('base64url');
const upper = (chars: number): string => noise(chars, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567');

const TOKENS: readonly [string, string][] = [
  ['aws_access_key', `AKIA${upper(16)}`], ['aws_access_key', `ASIA${upper(16)}`], ['gcp_api_key', `AIza${noise(35)}`], ['gcp_oauth_secret', `GOCSPX-${noise(28)}`], ['gcp_access_token', `ya29.${noise(60)}`],
  ['github_token', `ghp_${noise(36)}`], ['github_token', `ghs_${noise(36)}`], ['github_token', `github_pat_${noise(82)}`], ['gitlab_token', `glpat-${noise(20)}`], ['gitlab_token', `glptt-${noise(40, HEX)}`],
  ['slack_token', `xoxb-${noise(12, '0123456789')}-${noise(24)}`], ['slack_token', `xapp-1-${upper(11)}-${noise(40, HEX)}`], ['slack_webhook', `hooks.slack.com/services/T${upper(8)}/B${upper(8)}/${noise(24)}`],
  ['stripe_key', `sk_live_${noise(24)}`], ['stripe_key', `rk_test_${noise(24)}`], ['webhook_secret', `whsec_${noise(32)}`], ['anthropic_key', `sk-ant-api03-${noise(80)}`], ['openai_key', `sk-proj-${noise(80)}`], ['openai_key', `sk-${noise(48)}`],
  ['huggingface_token', `hf_${noise(34)}`], ['npm_token', `npm_${noise(36)}`], ['pypi_token', `pypi-AgE${noise(80)}`], ['sendgrid_key', `SG.${noise(22)}.${noise(43)}`], ['twilio_key', `SK${noise(32, HEX)}`],
  ['digitalocean_token', `dop_v1_${noise(64, HEX)}`], ['shopify_token', `shpat_${noise(32, HEX)}`], ['databricks_token', `dapi${noise(32, HEX)}`], ['vault_token', `hvs.${noise(90)}`], ['groq_key', `gsk_${noise(52)}`], ['xai_key', `xai-${noise(80)}`],
  ['replicate_token', `r8_${noise(37)}`], ['perplexity_key', `pplx-${noise(48)}`], ['linear_key', `lin_api_${noise(40)}`], ['grafana_token', `glsa_${noise(32)}_${noise(8, HEX)}`], ['postman_key', `PMAK-${noise(24, HEX)}-${noise(34, HEX)}`],
  ['age_key', `AGE-SECRET-KEY-1${upper(58)}`], ['wary_key', `wary_${noise(43)}`],
  ['jwt', `${base64url('{"alg":"HS256","typ":"JWT"}')}.${base64url('{"sub":"1234567890","name":"Jo"}')}.${noise(43)}`],
  ['azure_client_secret', `${noise(3)}8Q~${noise(31)}`],
];

describe('tokens with a form of their own', () => {
  test.each(TOKENS)('%s', (type, token) => {
    for (const text of [token, `use ${token} for now`, `"key": "${token}"`, `key=${token}&x=1`, `(${token})`, `\\n${token}\\n`, `https://x.example/?k=${token}`]) {
      const spans = scanText(text);
      expect(spans.some((span) => span.secret && text.slice(span.start, span.end).includes(token)), text).toBe(true);
    }
    expect(found(`see ${token} there`)[0]?.split(' ')[0]).toBe(type);
  });

  test('every rule has a token here, every name is in the closed list', () => {
    for (const { type, prefix } of TOKEN_RULES) {
      expect(SECRET_TYPES).toContain(type);
      if (['bearer_token', 'basic_auth', 'password'].includes(type)) continue;
      expect(TOKENS.some(([name]) => name === type), `${type} ${prefix}`).toBe(true);
    }
  });

  test('nothing of what is glued to a token is left', () => {
    const token = `ghp_${noise(36)}`;
    expect(found(`x ${token}TAIL_more y`)).toEqual([`github_token ${token}TAIL_more`]);
  });

  test.each([
    ['the example key of the documentation', 'AKIAIOSFODNN7EXAMPLE'], ['a template', `ghp_${'x'.repeat(36)}`], ['a sequence', 'ghp_0123456789abcdefghij0123456789abcdef'], ['inside a word', `fooAKIA${upper(16)}x`],
    ['a short tail', 'sk-learn-is-a-library'], ['dotted words', 'eyJust.a.sentence'], ['JWT without algorithm', `${base64url('{"typ":"none at all"}')}.${base64url('{"sub":"1"}')}.abc`], ['a hash', noise(40, HEX)], ['a UUID', '123e4567-e89b-42d3-a456-426614174000'],
  ])('not: %s', (_name, text) => expect(found(text)).toEqual([]));
});

describe('private keys', () => {
  const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().trim();

  test.each([['as it is', pem], ['in JSON', JSON.stringify({ key: pem })], ['in one line', pem.replaceAll('\n', '\\n')], ['without its end', pem.slice(0, -30)], ['with blanks', pem.replaceAll('\n', ' ')]])('%s', (_name, text) => {
    const [span, ...rest] = scanText(text);
    expect(span).toMatchObject({ type: 'private_key', secret: true });
    expect(rest).toEqual([]);
    const body = pem.split('\n').slice(1, -1).join('').slice(0, -34);
    const left = text.slice(0, span!.start) + text.slice(span!.end);
    for (let i = 0; i + 12 <= body.length; i += 12) expect(left).not.toContain(body.slice(i, i + 12));
  });

  test('a certificate, a public key and a mention are none', () => {
    for (const text of [`-----BEGIN CERTIFICATE-----\n${noise(200)}\n-----END CERTIFICATE-----`, `-----BEGIN PUBLIC KEY-----\n${noise(200)}\n-----END PUBLIC KEY-----`, 'a file starts with -----BEGIN PRIVATE KEY----- and so on']) {
      expect(found(text).filter((each) => each.startsWith('private_key'))).toEqual([]);
    }
  });
});

describe('credentials in URLs and headers', () => {
  test.each([
    ['postgres://app:S3cr3t-pw@db.internal:5432/x', 'connection_string S3cr3t-pw'], ['mongodb+srv://u:p%40ss9@cluster.example', 'connection_string p%40ss9'], ['https://jo:hunter2!x@host/path', 'url_password hunter2!x'],
    ['redis://:longpassword1@cache:6379', 'connection_string longpassword1'], ['amqp://u:a@b@host', 'connection_string a@b'],
    [`Authorization: Bearer ${noise(40)}`, `bearer_token ${noise(40)}`], [`authorization: basic ${Buffer.from('jo:s3cret!').toString('base64')}`, `basic_auth ${Buffer.from('jo:s3cret!').toString('base64')}`],
    [`?sig=${noise(43)}%3D&se=2026`, `azure_sas ${noise(43)}%3D`], [`AccountKey=${noise(86)}==;EndpointSuffix=core.windows.net`, `azure_key ${noise(86)}==`],
  ])('%s', (text, expected) => expect(found(text)).toContain(expected));

  test.each(['https://host:8080/a@b', 'http://host/path', 'see https://example.com:443', 'postgres://user:${PASSWORD}@host/db', 'postgres://user:<password>@host/db', 'Bearer token', 'the bearer of good news', 'Basic knowledge of things'])('not: %s', (text) => expect(found(text)).toEqual([]));
});

describe('assignments', () => {
  test.each([
    ['password=Tr0ub4dor', 'password Tr0ub4dor'], ['"db_password": "c0rrect horse"', 'password c0rrect horse'], ["pwd: 'abc123!'", 'password abc123!'], ['PGPASSWORD=s3cr3tpw psql', 'password s3cr3tpw'], ['password%3Ds3cr3tpw&x=1', 'password s3cr3tpw'],
    ['?user=jo&password=Pa55w0rd&x=1', 'password Pa55w0rd'], [`api_key = "${noise(32)}"`, `api_key ${noise(32)}`], [`x-api-key: ${noise(32)}`, `api_key ${noise(32)}`], [`SECRET_KEY=${noise(50)}`, `api_key ${noise(50)}`],
    [`aws_secret_access_key = ${noise(40)}`, `aws_secret_key ${noise(40)}`], ['the password is Zx9!kkq2', 'password Zx9!kkq2'], ['password: "[brackets1"', 'password [brackets1'], ['passwd=$3cret!x9', 'password $3cret!x9'], ['{\\"password\\": \\"Tr0ub4dor\\"}', 'password Tr0ub4dor'],
  ])('%s', (text, expected) => expect(found(text)).toContain(expected));

  test('the secret beside an AWS key id', () => {
    const id = `AKIA${upper(16)}`;
    expect(found(`${id}, ${noise(40)}`)).toEqual([`aws_access_key ${id}`, `aws_secret_key ${noise(40)}`]);
  });

  test.each([
    'password=${DB_PASSWORD}', 'password: process.env.PASSWORD', 'password = "changeme"', 'password: ********', 'password=<your password>', 'password: required', 'next_page_token=abcdef1234567890abcd', 'max_tokens=4096', 'token: string', 'the password must be long',
    'password=$PASSWORD', 'password=%PASSWORD%', 'api_key=YOUR_API_KEY_GOES_HERE_1', 'csrf_token: 1234567890abcdefXYZ', 'secret: true', 'password = get_password(user1)',
  ])('not: %s', (text) => expect(found(text)).toEqual([]));

  test('the same class whatever the case', () => {
    fc.assert(fc.property(fc.constantFrom('password', 'api_key', 'client_secret', 'AccountKey', 'sig', 'name', 'next_token'), (name) => classifyKey(name.toUpperCase()) === classifyKey(name.toLowerCase())));
  });
});
