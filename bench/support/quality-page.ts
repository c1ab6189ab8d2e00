import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';

const PAGE = 'docs/quality.md';
const HEAD = `# Quality: how well the detectors do

Every table is written by the benchmark that is named above it (\`npm run bench -- NAME --publish\`), from the code beside it. Where the labels chose a
threshold, the table says so and gives the figure both ways.
`;

/** Puts the section of a benchmark into docs/quality.md (or another page), in the place of its earlier one. */
export function publishSection(name: string, text: string, file = PAGE): void {
  const page = existsSync(file) ? readFileSync(file, 'utf8') : HEAD;
  const begin = `<!-- begin ${name} -->`;
  const end = `<!-- end ${name} -->`;
  const section = `${begin}\n${text.trim()}\n${end}`;
  const from = page.indexOf(begin);
  writeFileSync(file, from < 0 ? `${page.trimEnd()}\n\n${section}\n` : page.slice(0, from) + section + page.slice(page.indexOf(end) + end.length));
}

export const machine = (): string => `${cpus()[0]?.model ?? 'unknown processor'}, one core, Node ${process.version}`;

export const tableOf = (head: readonly string[], rows: readonly (readonly string[])[]): string => [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
