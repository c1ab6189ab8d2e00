/** Lines beyond which texts are not compared line by line. */
const LINES_MAX = 2_000;
const CONTEXT_LINES = 3;
type Line = { readonly mark: ' ' | '+' | '-'; readonly text: string };

/** Unified difference of two texts (Myers' answer by the longest common subsequence); '' when they are the same. */
export function textDiff(before: string, after: string): string {
  if (before === after) return '';
  const [old, now] = [linesOf(before), linesOf(after)];
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  const [oldMiddle, newMiddle] = [old.slice(head, old.length - tail), now.slice(head, now.length - tail)];
  const lines: Line[] = [
    ...old.slice(0, head).map((text): Line => ({ mark: ' ', text })),
    ...(oldMiddle.length > LINES_MAX || newMiddle.length > LINES_MAX ? [...oldMiddle.map((text): Line => ({ mark: '-', text })), ...newMiddle.map((text): Line => ({ mark: '+', text }))] : common(oldMiddle, newMiddle)),
    ...old.slice(old.length - tail).map((text): Line => ({ mark: ' ', text })),
  ];
  return hunks(lines);
}

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));

function common(old: readonly string[], now: readonly string[]): Line[] {
  const width = now.length + 1;
  const length = new Uint16Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) length[i * width + j] = old[i] === now[j] ? length[(i + 1) * width + j + 1]! + 1 : Math.max(length[(i + 1) * width + j]!, length[i * width + j + 1]!);
  }
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      lines.push({ mark: ' ', text: old[i]! });
      i += 1;
      j += 1;
    } else if (i < old.length && (j === now.length || length[(i + 1) * width + j]! >= length[i * width + j + 1]!)) lines.push({ mark: '-', text: old[i++]! });
    else lines.push({ mark: '+', text: now[j++]! });
  }
  return lines;
}

function hunks(lines: readonly Line[]): string {
  const kept = new Set<number>();
  lines.forEach(({ mark }, index) => {
    if (mark !== ' ') for (let near = index - CONTEXT_LINES; near <= index + CONTEXT_LINES; near += 1) kept.add(near);
  });
  const out: string[] = [];
  let [oldLine, newLine] = [1, 1];
  let hunk: string[] = [];
  let [oldCount, newCount, oldStart, newStart] = [0, 0, 1, 1];
  const end = (): void => {
    if (hunk.length > 0) out.push(`@@ -${oldStart},${oldCount} +${newStart},${newCount} @@`, ...hunk);
    hunk = [];
    oldCount = newCount = 0;
  };
  lines.forEach(({ mark, text }, index) => {
    if (!kept.has(index)) end();
    else {
      if (hunk.length === 0) [oldStart, newStart] = [oldLine, newLine];
      hunk.push(mark + text);
      if (mark !== '+') oldCount += 1;
      if (mark !== '-') newCount += 1;
    }
    if (mark !== '+') oldLine += 1;
    if (mark !== '-') newLine += 1;
  });
  end();
  return `${out.join('\n')}\n`;
}
