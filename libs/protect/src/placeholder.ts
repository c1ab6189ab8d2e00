/** Values that stand where a secret would: documentation, templates, masks. Allow-list and stop words after gitleaks' global ones. */
const WORDS = /example|xxxx|placeholder|changeme|change_me|change-me|your_|your-|yourpass|yoursecret|yourtoken|yourapi|dummy|redacted|masked|hidden|insert_|insert-|process\.env|os\.environ|getenv|env\.|vault:|secretref|secretkeyref|arn:aws:/;
/** A placeholder says so at its start. */
const JUDGED_CHARS_MAX = 80;
const WHOLE = new Set(['null', 'undefined', 'none', 'nil', 'true', 'false', 'required', 'optional', 'string', 'str', 'text', 'password', 'passwd', 'pass', 'pwd', 'secret', 'token', 'apikey', 'api_key', 'todo', 'n/a', 'na', 'empty', 'unset', 'default', 'postgres', 'root', 'guest', 'admin', 'test', 'user', 'foobar', 'foo', 'bar', 'sample', 'demo', 'hunter']);
const SEQUENCES = ['0123456789', '1234567890', 'abcdefghij', '9876543210', 'deadbeefdeadbeef'];

/** ${VAR}, $VAR, %(name)s, %VAR%, %s, {{ name }}, {name}, <your key>, @Microsoft.KeyVault(…), [mask] */
const TEMPLATE = /^(?:\$[{(]|\$[A-Za-z_]\w*$|%\(|%\w+%$|%[sdvq]$|\{.*\}$|\{\{|<[^>]*>?$|\[.*\]$|@Microsoft)/s;
/** What this service puts in place of a name. */
const PSEUDONYM = /^p_[a-z2-7]{20}$/;

/** For passwords and generic keys. */
export function isPlaceholder(text: string): boolean {
  const value = text.slice(0, JUDGED_CHARS_MAX);
  if (TEMPLATE.test(value) || PSEUDONYM.test(value)) return true;
  const lower = value.toLowerCase();
  if (WHOLE.has(lower) || value.includes('${') || value.includes('{{') || isRepetition(value)) return true;
  return WORDS.test(lower);
}

/** For tokens whose form alone proves them: only plain fakes, so that appending "example" hides nothing. */
export function isFakeToken(body: string): boolean {
  if (body.endsWith('EXAMPLE') || /^(?:example|your|xxxx)/i.test(body)) return true;
  const lower = body.toLowerCase();
  return isRepetition(body) || lower.includes('xxxxx') || SEQUENCES.some((sequence) => lower.includes(sequence));
}

/** Few distinct characters: ********, xxxx-xxxx, aaaaaaa1. */
function isRepetition(value: string): boolean {
  const allowed = Math.min(4, value.length / 4);
  let seen = '';
  for (let i = 0; i < value.length; i += 1) {
    if (seen.includes(value[i]!)) continue;
    seen += value[i]!;
    if (seen.length > allowed) return false;
  }
  return true;
}

/** Shannon entropy in bits per character. */
export function entropyOf(value: string): number {
  const counts = new Map<string, number>();
  for (const char of value) counts.set(char, (counts.get(char) ?? 0) + 1);
  let sum = 0;
  for (const count of counts.values()) sum += count * Math.log2(count);
  return Math.log2(value.length) - sum / value.length;
}
