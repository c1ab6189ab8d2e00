import { fail } from '../problem.js';
import { compileRegex } from './compile-regex.js';
import { base64Of, base64Offsets, utf16Bytes, utf8Bytes, type Utf16 } from './encode-text.js';
import { and, or, type Comparison, type Expr, type RegexFlags, type Test, type TimePart } from './expr.js';
import { parseNetwork } from './network.js';
import { ANY, DASH, DASHES, literalOf, parsePattern, tidy, type Pattern, type Token } from './pattern.js';

export type Placeholders = Readonly<Record<string, readonly (string | number)[]>>;
export interface ItemContext { readonly path: readonly (string | number)[]; readonly placeholders: Placeholders }

/** A value on its way through the modifiers. */
interface Value {
  readonly index: number | null;
  readonly raw: string | number | bigint | boolean | null;
  pattern: Pattern;
  /** The pattern's characters are bytes (after an encoding). */
  bytes: boolean;
}

const TIME_PARTS: ReadonlySet<string> = new Set(['minute', 'hour', 'day', 'week', 'month', 'year']);
const COMPARISONS: ReadonlySet<string> = new Set(['lt', 'lte', 'gt', 'gte']);
const REGEX_FLAGS: Readonly<Record<string, keyof RegexFlags>> = { i: 'i', ignorecase: 'i', m: 'm', multiline: 'm', s: 's', dotall: 's' };
const UTF16: Readonly<Record<string, Utf16>> = { wide: 'utf16le', utf16le: 'utf16le', utf16be: 'utf16be', utf16: 'utf16' };
const AFFIXES: ReadonlySet<string> = new Set(['contains', 'startswith', 'endswith']);
const KNOWN = ['all', 'startswith', 'endswith', 'contains', 'exists', 'cased', 'neq', 'windash', 're', ...Object.keys(REGEX_FLAGS), 'base64', 'base64offset', ...Object.keys(UTF16), ...COMPARISONS, ...TIME_PARTS, 'cidr', 'expand', 'fieldref'];
export const MODIFIERS: ReadonlySet<string> = new Set(KNOWN);
const VALUES_MAX = 100_000;

/** One `field|modifier|…: values` as a condition. Modifiers apply from left to right. */
export function lowerItem(field: string | null, modifiers: readonly string[], rawValues: unknown, context: ItemContext): Expr {
  const { path } = context;
  const isList = Array.isArray(rawValues);
  const plain = lowerPlain(field, modifiers, isList ? rawValues : [rawValues]);
  if (plain !== undefined) return plain;
  if (isList && rawValues.length === 0) fail('value-empty-list', 'an empty list matches nothing; give it a value, or remove the line', path);
  let values: Value[] = (isList ? rawValues : [rawValues]).map((raw: unknown, index: number) => valueOf(raw, isList ? index : null, context));
  const used = new Set<string>();
  let kind: 'text' | 're' | 'cidr' | 'number' | 'time' | 'fieldref' | 'exists' = 'text';
  const flags: { i?: boolean; m?: boolean; s?: boolean } = {};
  let comparison: Comparison = 'eq';
  let part: TimePart | undefined;
  let how: 'equals' | 'startswith' | 'endswith' | 'contains' = 'equals';
  let patternsChanged = false;

  for (const name of modifiers) {
    if (!MODIFIERS.has(name)) fail('modifier-unknown', name === '' ? 'there is nothing after a "|"; remove it or name a modifier' : `there is no modifier "${name}"; known are ${KNOWN.join(', ')}`, path);
    if (used.has(name)) fail('modifier-repeated', `"${name}" stands twice; once is enough`, path);
    used.add(name);
    if (name === 'all' || name === 'cased' || name === 'neq') continue;
    if (name in REGEX_FLAGS && !(TIME_PARTS.has(name))) {
      if (kind !== 're') fail('modifier-order', `"${name}" is a flag of "re" and follows it`, path);
      flags[REGEX_FLAGS[name]!] = true;
    } else if (AFFIXES.has(name)) {
      how = name as typeof how;
      if (kind === 'fieldref') continue;
      if (kind !== 'text') fail('modifier-combination', `"${name}" does not go with "${kind}"`, path);
      patternsChanged = true;
      for (const value of values) value.pattern = tidy([...(name === 'startswith' ? [] : [ANY as Token]), ...value.pattern, ...(name === 'endswith' ? [] : [ANY as Token])]);
    } else if (name === 'windash') {
      patternsChanged = true;
      for (const value of values) value.pattern = dashes(value.pattern);
    } else if (name in UTF16) {
      patternsChanged = true;
      for (const value of values) {
        value.pattern = tidy(value.pattern.map((token) => (typeof token === 'string' ? utf16Bytes(token, UTF16[name]!) : token)));
        value.bytes = true;
      }
    } else if (name === 'base64' || name === 'base64offset') {
      patternsChanged = true;
      values = values.flatMap((value) => encode(value, name, path));
    } else if (name === 'expand') values = values.flatMap((value) => expand(value, context));
    else {
      if (patternsChanged && !(name === 'fieldref' && how !== 'equals')) fail('modifier-order', `"${name}" reads the value as it is written and comes before other modifiers`, path);
      if (name === 're') kind = 're';
      else if (name === 'cidr' || name === 'fieldref' || name === 'exists') kind = name;
      else if (COMPARISONS.has(name)) {
        comparison = name as Comparison;
        if (kind === 'text') kind = 'number';
      } else {
        part = name as TimePart;
        kind = 'time';
      }
    }
  }
  if (values.length > VALUES_MAX) fail('value-too-many', `an item has at most ${VALUES_MAX} values`, path);
  if (field === null && !['text', 're', 'cidr', 'number'].includes(kind)) fail('keyword-modifier', `"${kind}" needs a field before the "|"`, path);

  const cased = used.has('cased');
  const tests = values.map((value): Expr => {
    const place = value.index === null ? path : [...path, value.index];
    const test = (each: Test): Expr => ({ op: 'test', field, test: each });
    if (value.raw === null) {
      if (isList) fail('value-null-in-list', 'null cannot stand in a list; give it a selection of its own and join them with "or"', place);
      if (field === null) fail('value-null', 'a keyword cannot be null', place);
      if (kind !== 'text' || patternsChanged) fail('value-null', 'null goes with no modifier but "neq"', place);
      return test({ kind: 'null' });
    }
    switch (kind) {
      case 'text': return test({ kind: 'text', pattern: field === null ? tidy([ANY, ...value.pattern, ANY]) : value.pattern, cased });
      case 're': return test(regexTest(value, flags, place));
      case 'cidr': {
        const network = String(value.raw);
        if (parseNetwork(network) === undefined) fail('value-cidr', `"${network}" is no network; write 10.0.0.0/8 or 2001:db8::/32`, place);
        return test({ kind: 'cidr', network });
      }
      case 'number': return test({ kind: 'number', comparison, value: numberOf(value, place) });
      case 'time': return test({ kind: 'time', part: part!, comparison, value: Number(numberOf(value, place)) });
      case 'fieldref': {
        if (typeof value.raw !== 'string' || value.raw === '') return fail('value-fieldref', 'the value of "fieldref" is the name of another field', place);
        return test({ kind: 'field', other: value.raw, how, cased });
      }
      case 'exists': {
        if (typeof value.raw !== 'boolean') return fail('value-exists', 'the value of "exists" is true or false', place);
        return value.raw ? test({ kind: 'exists' }) : { op: 'not', of: test({ kind: 'exists' }) };
      }
    }
  });
  const joined = used.has('all') ? and(tests) : or(tests);
  return used.has('neq') ? { op: 'not', of: joined } : joined;
}

/** Nine items of ten are texts and numbers with at most an affix and "all": made without the detours that the rest needs, to the same effect. */
function lowerPlain(field: string | null, modifiers: readonly string[], values: readonly unknown[]): Expr | undefined {
  let affix: string | undefined;
  let isAll = false;
  for (const name of modifiers) {
    if (name === 'all' && !isAll) isAll = true;
    else if (affix === undefined && AFFIXES.has(name)) affix = name;
    else return undefined;
  }
  if (field === null || values.length === 0 || values.length > VALUES_MAX) return undefined;
  const tests: Expr[] = [];
  for (const value of values) {
    if (typeof value !== 'string' && typeof value !== 'number') return undefined;
    const bare = typeof value === 'string' ? parsePattern(value) : [String(value)];
    tests.push({ op: 'test', field, test: { kind: 'text', pattern: affix === undefined ? bare : withAffix(bare, affix), cased: false } });
  }
  return isAll ? and(tests) : or(tests);
}

function withAffix(bare: Pattern, affix: string): Pattern {
  const pattern: Token[] = [];
  if (affix !== 'startswith' && bare[0] !== ANY) pattern.push(ANY);
  for (const token of bare) pattern.push(token);
  if (affix !== 'endswith' && pattern.at(-1) !== ANY) pattern.push(ANY);
  return pattern;
}

function valueOf(raw: unknown, index: number | null, { path }: ItemContext): Value {
  const place = index === null ? path : [...path, index];
  if (raw !== null && !['string', 'number', 'bigint', 'boolean'].includes(typeof raw)) return fail('value-type', 'a value is a text, a number, true, false or null', place);
  const scalar = raw as Value['raw'];
  return { index, raw: scalar, pattern: typeof scalar === 'string' ? parsePattern(scalar) : scalar === null ? [] : [String(scalar)], bytes: false };
}

function regexTest(value: Value, flags: RegexFlags, place: readonly (string | number)[]): Test {
  const source = String(value.raw);
  try {
    compileRegex(source, flags);
  } catch (error) {
    return fail('value-regex', `the pattern is refused: ${(error as Error).message}; patterns follow RE2 (linear time), so look-around and back-references are not known`, place);
  }
  return { kind: 'regex', source, flags };
}

function numberOf(value: Value, place: readonly (string | number)[]): number | bigint {
  if (typeof value.raw === 'bigint' || (typeof value.raw === 'number' && Number.isFinite(value.raw))) return value.raw;
  if (typeof value.raw === 'string') {
    const number = parseNumber(value.raw);
    if (number !== undefined) return number;
  }
  return fail('value-number', `a number is needed, not ${JSON.stringify(value.raw)}`, place);
}

/** Digits with an optional fraction and exponent, as JSON writes them, with blanks around; anything else is no number. */
export function parseNumber(text: string): number | bigint | undefined {
  const digits = text.trim();
  if (digits.length > 400 || !/^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?$/.test(digits)) return undefined;
  const number = Number(digits);
  if (Number.isInteger(number) && !Number.isSafeInteger(number) && /^[-+]?\d+$/.test(digits)) return BigInt(digits);
  return number;
}

function dashes(pattern: Pattern): Pattern {
  const set: ReadonlySet<string> = new Set(DASHES);
  return tidy(pattern.flatMap((token): Token[] => {
    if (typeof token !== 'string') return [token];
    const pieces: Token[] = [];
    let literal = '';
    for (const char of token) {
      if (!set.has(char)) {
        literal += char;
        continue;
      }
      pieces.push(literal, DASH);
      literal = '';
    }
    return [...pieces, literal];
  }));
}

function encode(value: Value, name: 'base64' | 'base64offset', path: readonly (string | number)[]): Value[] {
  const place = value.index === null ? path : [...path, value.index];
  if (value.raw === null) return fail('value-null', 'null cannot be encoded', place);
  const literals = value.pattern.some((token) => token === DASH) ? enumerateDashes(value.pattern) : [value.pattern];
  return literals.flatMap((pattern) => {
    const literal = literalOf(pattern);
    if (literal === undefined) return fail('value-encoded-wildcard', `"${name}" encodes a text without wildcards; escape them (\\*), or put "contains" after it`, place);
    const bytes = value.bytes ? literal : utf8Bytes(literal);
    if (bytes === '') return fail('value-encoded-empty', `"${name}" of an empty text would match everything`, place);
    return (name === 'base64' ? [base64Of(bytes)] : base64Offsets(bytes)).map((text): Value => ({ ...value, pattern: [text], bytes: false }));
  });
}

/** Before an encoding every dash must be spelled out: 5 texts for each. */
function enumerateDashes(pattern: Pattern): Pattern[] {
  let all: Token[][] = [[]];
  for (const token of pattern) {
    all = token === DASH ? all.flatMap((each) => DASHES.map((dash) => [...each, dash])) : all.map((each) => [...each, token]);
    if (all.length > VALUES_MAX) return [];
  }
  return all.map(tidy);
}

const PLACEHOLDER = /%([A-Za-z0-9_.-]+)%/;

/** Replaces `%name%` by the values supplied under that name: one value each, all combinations of several. */
function expand(value: Value, context: ItemContext): Value[] {
  const place = value.index === null ? context.path : [...context.path, value.index];
  const at = value.pattern.findIndex((token) => typeof token === 'string' && PLACEHOLDER.test(token));
  if (at < 0) {
    if (typeof value.raw === 'string' && PLACEHOLDER.test(value.raw)) return [value];
    return [value];
  }
  const literal = value.pattern[at] as string;
  const { 0: whole, 1: name, index } = PLACEHOLDER.exec(literal)!;
  const supplied = Object.hasOwn(context.placeholders, name!) ? context.placeholders[name!] : undefined;
  if (supplied === undefined || supplied.length === 0) return fail('placeholder-unknown', `the placeholder %${name}% has no values; supply them (--placeholders FILE with "${name}: [...]"), or the rule cannot be used`, place);
  return supplied.flatMap((each) => {
    const inserted = tidy([...value.pattern.slice(0, at), literal.slice(0, index), ...parsePattern(String(each)), literal.slice(index + whole.length), ...value.pattern.slice(at + 1)]);
    const raw = typeof value.raw === 'string' ? value.raw.replace(whole, () => String(each)) : value.raw;
    return expand({ ...value, raw, pattern: inserted }, withoutPlaceholder(context, name!));
  });
}

/** A supplied value that names its own placeholder again is not expanded for ever. */
const withoutPlaceholder = (context: ItemContext, name: string): ItemContext => ({ ...context, placeholders: Object.fromEntries(Object.entries(context.placeholders).map(([key, values]) => [key, key === name ? values.filter((each) => !PLACEHOLDER.test(String(each))) : values])) });
