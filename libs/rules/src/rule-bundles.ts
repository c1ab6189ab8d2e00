import { isMap } from './language/parse-selection.js';
import { readYaml, YAML_LIMITS, type YamlProblem } from './yaml/read-yaml.js';

/** Documents that belong together: a rule, or a correlation with the rules that only feed it. */
export interface RuleBundle {
  /** Of the first document that is not read by another one here. */
  readonly id: string;
  /** Of all its documents. */
  readonly ids: readonly string[];
  readonly text: string;
}
export interface Bundles { readonly bundles: readonly RuleBundle[]; readonly problems: readonly YamlProblem[] }

const ID_CHARS_MAX = 200;
const ID = /^[A-Za-z0-9._-]+$/;

/** Splits a text of rules into bundles, each with its own part of the text, comments and all. A document without an id cannot be told again later and is refused. */
export function splitBundles(text: string): Bundles {
  const { documents: all, problems } = readYaml(text);
  if (problems.length > 0) return { bundles: [], problems };
  const documents = all.filter((document) => document !== null);
  const parts = splitDocuments(text);
  if (parts.length !== documents.length) return { bundles: [], problems: [{ code: 'yaml-documents', message: 'separate documents by a line that is "---" alone', line: 1, column: 1 }] };
  const found: { readonly id: string; readonly name: string | null; readonly reads: readonly string[]; readonly text: string }[] = [];
  const wrong: YamlProblem[] = [];
  documents.forEach((document, index) => {
    const { text: part, line } = parts[index]!;
    const id = isMap(document) ? document['id'] : undefined;
    if (typeof id !== 'string' || id.length > ID_CHARS_MAX || !ID.test(id)) {
      wrong.push({ code: 'rule-id', message: 'a rule that is kept needs an id (a random UUID), so that its versions, its tuning and its alerts can be told again', line, column: 1 });
      return;
    }
    if (found.some((each) => each.id === id)) wrong.push({ code: 'id-duplicate', message: `the id ${id} is there twice`, line, column: 1 });
    const map = document as Readonly<Record<string, unknown>>;
    const correlation = map['correlation'];
    const reads = isMap(correlation) ? [correlation['rules']].flat().filter((each): each is string => typeof each === 'string') : [];
    found.push({ id, name: typeof map['name'] === 'string' ? map['name'] : null, reads, text: part });
  });
  if (wrong.length > 0) return { bundles: [], problems: wrong };
  // Documents that name each other end in the same group.
  const group = found.map((_, index) => index);
  const rootOf = (index: number): number => (group[index] === index ? index : (group[index] = rootOf(group[index]!)));
  found.forEach(({ reads }, reader) => {
    found.forEach(({ id, name }, index) => {
      if (reads.includes(id) || (name !== null && reads.includes(name))) group[rootOf(index)] = rootOf(reader);
    });
  });
  const read = new Set(found.flatMap(({ reads }) => reads));
  const members = new Map<number, typeof found>();
  found.forEach((each, index) => members.set(rootOf(index), [...(members.get(rootOf(index)) ?? []), each]));
  return {
    problems: [],
    bundles: [...members.values()].map((list) => {
      const lead = list.find(({ id, name }) => !read.has(id) && (name === null || !read.has(name))) ?? list[0]!;
      return { id: lead.id, ids: list.map(({ id }) => id), text: `${list.map((each) => each.text.trim()).join('\n---\n')}\n` };
    }),
  };
}

/** The parts between lines that are `---`; a text that begins with one has nothing before it. */
function splitDocuments(text: string): { readonly text: string; readonly line: number }[] {
  const parts: { text: string; line: number }[] = [];
  let current: string[] = [];
  let line = 1;
  const end = (next: number): void => {
    if (parts.length <= YAML_LIMITS.documentsMax && (current.some((each) => each.trim() !== '' && !each.trimStart().startsWith('#')))) parts.push({ text: current.join('\n'), line });
    current = [];
    line = next;
  };
  text.split(/\r?\n/).forEach((each, index) => {
    if (/^---\s*(#.*)?$/.test(each)) end(index + 2);
    else current.push(each);
  });
  end(0);
  return parts;
}
