import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { loadRules, type RuleFile } from '@wary/rules/load-rules.js';
import { splitBundles } from '@wary/rules/rule-bundles.js';

export const FOLDER_LIMITS = { filesMax: 20_000, fileBytesMax: 1024 * 1024 } as const;
/** Changes are seen within a second; a folder of thousands of files is looked at less often, so that looking stays a small part of the time. */
const LOOK_EVERY_MS = 400;
const LOOK_EVERY_MS_MAX = 5_000;
const LOOK_SHARE = 20;
const MANY_FILES = 2_000;

/** Something wrong in a file; what ran before goes on running. */
export interface FileProblem { readonly file: string; readonly line: number; readonly column: number; readonly code: string; readonly message: string }
export interface FolderRule { readonly text: string; readonly file: string; readonly ids: readonly string[] }

/** What a rules folder says. Nothing of a file with an error counts, so that half a change never runs. */
export interface FolderContent {
  readonly rules: ReadonlyMap<string, FolderRule>;
  readonly problems: readonly FileProblem[];
  /** Files with an error: whatever came from them before stays. */
  readonly broken: ReadonlySet<string>;
  /** False: the folder itself could not be read, which says nothing about what was in it. */
  readonly isWhole: boolean;
}
export const EMPTY_FOLDER: FolderContent = { rules: new Map(), problems: [], broken: new Set(), isWhole: true };

export async function readRuleFolder(folder: string): Promise<FolderContent> {
  const problems: FileProblem[] = [];
  const files: RuleFile[] = [];
  let paths: string[];
  try {
    paths = await ruleFilesBelow(folder);
  } catch (error) {
    return { ...EMPTY_FOLDER, problems: [{ file: '', line: 1, column: 1, code: 'folder-unreadable', message: (error as Error).message }], isWhole: false };
  }
  for (const path of paths) {
    const file = nameOf(folder, path);
    try {
      const { size } = await stat(path);
      if (size > FOLDER_LIMITS.fileBytesMax) problems.push({ file, line: 1, column: 1, code: 'file-too-large', message: `the file has ${size} bytes, more than ${FOLDER_LIMITS.fileBytesMax}; split it into several` });
      else files.push({ path: file, text: await readFile(path, 'utf8') });
    } catch (error) {
      problems.push({ file, line: 1, column: 1, code: 'file-unreadable', message: (error as Error).message });
    }
  }
  for (const { severity, file, line, column, code, message } of loadRules(files).problems) if (severity === 'error') problems.push({ file, line, column, code, message });
  const rules = new Map<string, FolderRule>();
  const owner = new Map<string, string>();
  const broken = new Set(problems.map(({ file }) => file));
  for (const { path: file, text } of files) {
    if (broken.has(file)) continue;
    const { bundles, problems: wrong } = splitBundles(text);
    for (const { line, column, code, message } of wrong) problems.push({ file, line, column, code, message });
    const taken = bundles.flatMap(({ ids }) => ids).find((id) => owner.has(id));
    if (taken !== undefined) problems.push({ file, line: 1, column: 1, code: 'id-duplicate', message: `the id ${taken} is also in ${owner.get(taken)}; the first of the two counts` });
    if (wrong.length > 0 || taken !== undefined) { broken.add(file); continue; }
    for (const { id, ids, text: own } of bundles) {
      rules.set(id, { text: own, file, ids });
      for (const each of ids) owner.set(each, file);
    }
  }
  return { rules, problems, broken, isWhole: true };
}

/** Calls back when a file came, went or changed since the signature was taken; one call at a time. Gives the way out. */
export function watchRuleFolder(folder: string, signature: string, onChange: () => Promise<void>, onTrouble: (error: unknown) => void): () => void {
  let seen = signature;
  let timer: NodeJS.Timeout;
  let stopped = false;
  async function look(): Promise<void> {
    const started = performance.now();
    let waitMs = LOOK_EVERY_MS;
    try {
      const now = await signatureOf(folder);
      if (now.split('\n', MANY_FILES + 1).length > MANY_FILES) waitMs = Math.min(LOOK_EVERY_MS_MAX, Math.max(LOOK_EVERY_MS, (performance.now() - started) * LOOK_SHARE));
      if (now === seen || stopped) return;
      await onChange();
      seen = now;
    } catch (error) {
      onTrouble(error);
    } finally {
      if (!stopped) schedule(waitMs);
    }
  }
  function schedule(ms: number): void {
    timer = setTimeout(() => { void look(); }, ms);
    timer.unref();
  }
  schedule(0);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/** Changes when any file does. */
export async function signatureOf(folder: string): Promise<string> {
  const paths = await ruleFilesBelow(folder).catch((error: NodeJS.ErrnoException) => error.code ?? 'unreadable');
  if (typeof paths === 'string') return paths;
  const parts = await Promise.all(paths.map(async (path) => {
    const state = await stat(path).catch(() => null);
    return state === null ? `${path} gone` : `${path} ${state.size} ${state.mtimeMs} ${state.ino}`;
  }));
  return parts.join('\n');
}

/** In the order of their names; test data of the Sigma project (info.yml) are no rules. */
async function ruleFilesBelow(folder: string): Promise<string[]> {
  return (await readdir(folder, { withFileTypes: true, recursive: true }))
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name) && entry.name !== 'info.yml')
    .map((entry) => join(entry.parentPath, entry.name)).sort().slice(0, FOLDER_LIMITS.filesMax);
}

const nameOf = (folder: string, path: string): string => relative(folder, path).split(sep).join('/');
