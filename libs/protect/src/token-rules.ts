import { entropyOf, isFakeToken } from './placeholder.js';
import type { SecretType } from './span.js';

/** A secret with a form of its own. Patterns are sticky, bounded and without nested quantifiers: linear on any text. */
export interface TokenRule {
  readonly type: SecretType;
  /** Case-sensitive start; the scanner tries the rule only where it stands at a word start. */
  readonly prefix: string;
  readonly pattern: RegExp;
  readonly accepts: (match: string) => boolean;
}

const rule = (type: SecretType, prefix: string, pattern: RegExp, accepts: (match: string) => boolean = (match) => !isFakeToken(match.slice(prefix.length))): TokenRule => ({ type, prefix, pattern, accepts });
const many = (type: SecretType, prefixes: readonly string[], pattern: RegExp, accepts?: (match: string) => boolean): TokenRule[] => prefixes.map((prefix) => rule(type, prefix, pattern, accepts));

/** A JOSE header is base64url of JSON that names an algorithm (RFC 7515, 4.1.1). */
function isJwt(match: string): boolean {
  try {
    const header: unknown = JSON.parse(Buffer.from(match.slice(0, match.indexOf('.')), 'base64url').toString('utf8'));
    return typeof header === 'object' && header !== null && 'alg' in header;
  } catch {
    return false;
  }
}

function isBasicCredential(match: string): boolean {
  const blank = match.search(/\s/);
  const decoded = Buffer.from(match.slice(blank + 1).trim(), 'base64').toString('latin1');
  return /^[\x20-\x7e]{1,128}:[\x20-\x7e]{1,256}$/.test(decoded);
}
const isBearer = (match: string): boolean => {
  const token = match.slice(match.search(/\s/) + 1).trim();
  return /\d/.test(token) && /[A-Za-z]/.test(token) && !isFakeToken(token) && entropyOf(token) >= 3;
};
/** "the password is S3cret!": only a value that looks like one. */
const isSaidPassword = (match: string): boolean => {
  const value = match.slice(match.search(/\S+$/));
  return /\d/.test(value) && /[A-Za-z]/.test(value) && !isFakeToken(value);
};
const looksRandom = (match: string): boolean => !isFakeToken(match) && /\d/.test(match) && entropyOf(match) >= 3.5;

const WORD = 'A-Za-z0-9_-';
export const TOKEN_RULES: readonly TokenRule[] = [
  ...many('aws_access_key', ['AKIA', 'ASIA', 'ABIA', 'ACCA'], /A[A-Z]{3}[A-Z0-9]{16}(?![A-Za-z0-9])/y),
  rule('gcp_api_key', 'AIza', new RegExp(`AIza[${WORD}]{35,60}`, 'y')),
  rule('gcp_oauth_secret', 'GOCSPX-', new RegExp(`GOCSPX-[${WORD}]{28,64}`, 'y')),
  rule('gcp_access_token', 'ya29.', new RegExp(`ya29\\.[${WORD}]{20,512}`, 'y')),
  ...many('github_token', ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'], /gh[pousr]_[A-Za-z0-9]{36,255}/y),
  rule('github_token', 'github_pat_', /github_pat_[A-Za-z0-9_]{60,255}/y),
  ...many('gitlab_token', ['glpat-', 'gldt-', 'glrt-', 'glptt-', 'glcbt-', 'glsoat-', 'glft-'], new RegExp(`gl[a-z]{2,4}-[.${WORD}]{20,128}`, 'y')),
  ...many('slack_token', ['xoxb-', 'xoxp-', 'xoxa-', 'xoxr-', 'xoxs-', 'xoxe-', 'xoxe.'], /xox[abeprs][.-][A-Za-z0-9.-]{16,255}/y),
  rule('slack_token', 'xapp-', /xapp-\d-[A-Za-z0-9-]{20,255}/y),
  rule('slack_webhook', 'hooks.slack.com/', /hooks\.slack\.com\/(?:services|workflows|triggers)\/[A-Za-z0-9/]{20,128}/y),
  ...many('stripe_key', ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_'], /[sr]k_(?:live|test)_[A-Za-z0-9]{16,255}/y),
  rule('webhook_secret', 'whsec_', /whsec_[A-Za-z0-9+/=]{24,128}/y),
  rule('anthropic_key', 'sk-ant-', new RegExp(`sk-ant-[${WORD}]{24,255}`, 'y')),
  ...many('openai_key', ['sk-proj-', 'sk-svcacct-', 'sk-admin-', 'sk-None-'], new RegExp(`sk-[A-Za-z]{4,8}-[${WORD}]{20,255}`, 'y')),
  rule('openai_key', 'sk-', /sk-(?:or-v1-)?[A-Za-z0-9]{32,128}/y, looksRandom),
  rule('huggingface_token', 'hf_', /hf_[A-Za-z0-9]{30,64}/y),
  rule('npm_token', 'npm_', /npm_[A-Za-z0-9]{36,64}/y),
  rule('pypi_token', 'pypi-AgE', new RegExp(`pypi-AgE[${WORD}]{50,512}`, 'y')),
  rule('sendgrid_key', 'SG.', new RegExp(`SG\\.[${WORD}]{16,32}\\.[${WORD}]{32,64}`, 'y')),
  rule('twilio_key', 'SK', /SK[0-9a-f]{32}(?![A-Za-z0-9])/y),
  rule('digitalocean_token', 'dop_v1_', /dop_v1_[a-f0-9]{64}/y),
  ...many('shopify_token', ['shpat_', 'shpca_', 'shppa_', 'shpss_'], /shp[a-z]{2}_[a-fA-F0-9]{32}/y),
  rule('databricks_token', 'dapi', /dapi[a-f0-9]{32}(?:-\d)?(?![A-Za-z0-9])/y),
  ...many('vault_token', ['hvs.', 'hvb.'], new RegExp(`hv[sb]\\.[${WORD}]{24,255}`, 'y')),
  rule('groq_key', 'gsk_', /gsk_[A-Za-z0-9]{48,64}/y),
  rule('xai_key', 'xai-', /xai-[A-Za-z0-9]{60,100}/y),
  rule('replicate_token', 'r8_', /r8_[A-Za-z0-9]{37,40}/y),
  rule('perplexity_key', 'pplx-', /pplx-[A-Za-z0-9]{40,64}/y),
  rule('linear_key', 'lin_api_', /lin_api_[A-Za-z0-9]{32,64}/y),
  rule('grafana_token', 'glsa_', /glsa_[A-Za-z0-9_]{32,64}/y),
  rule('postman_key', 'PMAK-', /PMAK-[a-f0-9]{24}-[a-f0-9]{34}/y),
  rule('age_key', 'AGE-SECRET-KEY-1', /AGE-SECRET-KEY-1[A-Z0-9]{50,64}/y),
  rule('wary_key', 'wary_', new RegExp(`wary_[${WORD}]{32,128}`, 'y')),
  rule('jwt', 'eyJ', new RegExp(`eyJ[${WORD}]{8,4000}\\.[${WORD}]{2,12000}\\.[${WORD}]{0,4000}`, 'y'), isJwt),
  ...many('bearer_token', ['Bearer ', 'bearer ', 'BEARER '], /[Bb][Ee][A-Za-z]{4} {1,3}[A-Za-z0-9._~+/=-]{16,512}/y, isBearer),
  ...many('basic_auth', ['Basic ', 'basic '], /[Bb]asic {1,3}[A-Za-z0-9+/]{6,512}={0,2}/y, isBasicCredential),
  ...many('password', ['password ', 'Password ', 'passphrase ', 'Passphrase ', 'passcode ', 'Passwort ', 'passwort '], /[Pp]ass[a-z]{4,6} (?:is now|is|was|ist|to)[: ] {0,2}["'`]?[^\s"'`]{6,128}/y, isSaidPassword),
];

const BEGINNINGS = new Uint8Array(128 * 128);
for (const { prefix } of TOKEN_RULES) BEGINNINGS[prefix.charCodeAt(0) * 128 + prefix.charCodeAt(1)] = 1;
/** True when a rule's prefix has these two characters first. */
export const beginsToken = (first: number, second: number): boolean => second < 128 && BEGINNINGS[first * 128 + second] === 1;

/** Rules by first character, for one array access per word. */
export const RULES_BY_FIRST: readonly (readonly TokenRule[] | undefined)[] = (() => {
  const table: (TokenRule[] | undefined)[] = new Array(128).fill(undefined);
  for (const each of TOKEN_RULES) (table[each.prefix.charCodeAt(0)] ??= []).push(each);
  return table;
})();
