/** Values that stand where a secret would: documentation, templates, masks. Allow-list and stop words after gitleaks' global ones. */
const WORDS = ['example', 'xxxx', 'placeholder', 'changeme', 'change_me', 'change-me', 'your_', 'your-', 'yourpass', 'yoursecret', 'yourtoken', 'yourapi', 'dummy', 'redacted', 'masked', 'hidden', 'insert_', 'insert-', 'process.env', 'os.environ', 'getenv', 'env.', 'vault:', 'secretref', 'secretkeyref', 'arn:aws:'];
const WHOLE = new Set(['null', 'undefined', 'none', 'nil', 'true', 'false', 'required', 'optional', 'string', 'str', 'text', 'password', 'passwd', 'pass', 'pwd', 'secret', 'token', 'apikey', 'api_key', 'todo', 'n/a', 'na', 'empty', 'unset', 'default', 'postgres', 'root', 'guest', 'admin', 'test', 'user', 'foobar', 'foo', 'bar', 'sample', 'demo', 'hunter']);
const SEQUENCES = ['0123456789', '1234567890', 'abcdefghij', '9876543210', 'deadbeefdeadbeef'];

/** For passwords and generic keys. */
export function isPlaceholder(value: string): boolean {
  const first = value.charCodeAt(0);
  // ${VAR}, $VAR, %(name)s, %VAR%, {{ name }}, <your key>, @Microsoft.KeyVault(…), [mask]
  if (first === 36 || first === 37 || first === 123 || first === 60 || first === 91 || value.startsWith('@Microsoft')) return true;
  const lower = value.toLowerCase();
  if (WHOLE.has(lower) || value.includes('${') || value.includes('{{') || isRepetition(value)) return true;
  return WORDS.some((word) => lower.includes(word));
}

/** For tokens whose form alone proves them: only plain fakes, so that appending "example" hides nothing. */
export function isFakeToken(body: string): boolean {
  if (body.endsWith('EXAMPLE') || /^(?:example|your|xxxx)/i.test(body)) return true;
  const lower = body.toLowerCase();
  return isRepetition(body) || lower.includes('xxxxx') || SEQUENCES.some((sequence) => lower.includes(sequence));
}

/** Few distinct characters: ********, xxxx-xxxx, aaaaaaa1. */
function isRepetition(value: string): boolean {
  return new Set(value).size <= Math.min(4, value.length / 4);
}

/** Shannon entropy in bits per character. */
export function entropyOf(value: string): number {
  const counts = new Map<string, number>();
  for (const char of value) counts.set(char, (counts.get(char) ?? 0) + 1);
  let sum = 0;
  for (const count of counts.values()) sum += count * Math.log2(count);
  return Math.log2(value.length) - sum / value.length;
}
