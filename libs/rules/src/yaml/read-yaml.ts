import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Document, type Node } from 'yaml';
import type { Place } from '../problem.js';
import { readPlainYaml } from './plain-yaml.js';

export const YAML_LIMITS = { fileCharsMax: 1024 * 1024, documentsMax: 1_000, aliasesMax: 100 } as const;

export interface YamlProblem { readonly code: string; readonly message: string; readonly line: number; readonly column: number }
export interface YamlFile { readonly documents: readonly unknown[]; readonly problems: readonly YamlProblem[] }

/** All documents of a file as plain values; what is not YAML is a problem with its line and column, never an exception. */
export function readYaml(text: string): YamlFile {
  if (text.length > YAML_LIMITS.fileCharsMax) return refused('yaml-too-long', `the file has ${text.length} characters, more than ${YAML_LIMITS.fileCharsMax}; split it into several`);
  const plain = readPlainYaml(text);
  if (plain !== undefined && plain.length <= YAML_LIMITS.documentsMax) return { documents: plain, problems: [] };
  try {
    const { documents, lines } = parse(text);
    if (documents.length > YAML_LIMITS.documentsMax) return refused('yaml-too-many-documents', `the file has ${documents.length} documents, more than ${YAML_LIMITS.documentsMax}; split it into several`);
    const problems = documents.flatMap(({ errors }) => errors.map((error) => ({ code: 'yaml', message: error.message.replace(/ at line \d+.*$/s, ''), ...at(lines, error.pos[0]) })));
    return { documents: problems.length > 0 ? [] : documents.map((document) => exact(document.toJS({ maxAliasCount: YAML_LIMITS.aliasesMax }), new Set())), problems };
  } catch (error) {
    return refused('yaml', error instanceof RangeError ? 'the document is nested too deeply' : (error as Error).message);
  }
}

const refused = (code: string, message: string): YamlFile => ({ documents: [], problems: [{ code, message, line: 1, column: 1 }] });

function parse(text: string): { readonly documents: readonly Document.Parsed[]; readonly lines: LineCounter } {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, intAsBigInt: true, prettyErrors: false, merge: false, logLevel: 'silent' });
  return { documents: Array.isArray(documents) ? documents : [], lines };
}

const at = (lines: LineCounter, offset: number): { readonly line: number; readonly column: number } => {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
};

/** Integers that a number holds exactly become numbers; a document that contains itself through an alias is refused. */
function exact(value: unknown, above: Set<unknown>): unknown {
  if (typeof value === 'bigint') return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (above.has(value)) throw new Error('an alias refers to what contains it');
  above.add(value);
  const copy = Array.isArray(value) ? value.map((each) => exact(each, above)) : Object.fromEntries(Object.entries(value).map(([key, each]) => [key, exact(each, above)]));
  above.delete(value);
  return copy;
}

/** Line and column of a place, found by reading the file again with the full parser: only problems need it. */
export function locate(text: string, index: number, place: Place): { readonly line: number; readonly column: number } {
  try {
    const { documents, lines } = parse(text);
    const document = documents[index];
    if (document === undefined) return { line: 1, column: 1 };
    let node: Node | null | undefined = document.contents;
    let offset = node?.range?.[0] ?? document.range[0];
    let key: Node | undefined;
    for (const step of place.path) {
      if (isAlias(node)) node = node.resolve(document);
      if (isMap(node)) {
        const pair = node.items.find((each) => isScalar(each.key) && String(each.key.value) === String(step));
        if (pair === undefined) break;
        key = pair.key as Node;
        node = pair.value as Node | null;
        offset = key.range?.[0] ?? offset;
      } else if (isSeq(node)) {
        const item = node.items[Number(step)] as Node | undefined;
        if (item === undefined) break;
        node = item;
        offset = item.range?.[0] ?? offset;
      } else break;
    }
    if (place.offset !== undefined && isScalar(node) && node.range !== undefined && node.range !== null) {
      const quoted = node.type === 'QUOTE_SINGLE' || node.type === 'QUOTE_DOUBLE' ? 1 : 0;
      offset = node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED' ? node.range[0] : node.range[0] + quoted + place.offset;
    }
    return at(lines, offset);
  } catch {
    return { line: 1, column: 1 };
  }
}
