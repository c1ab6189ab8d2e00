import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { loadRules, type RuleFile, type RuleSet } from '@wary/rules/load-rules.js';
import { createRouter, type EventRouter } from '@wary/rules/pipeline/event-router.js';
import { createKnownFields } from '@wary/rules/pipeline/known-fields.js';
import type { Pipeline } from '@wary/rules/pipeline/pipeline-model.js';
import { readPipeline } from '@wary/rules/pipeline/read-pipeline.js';
import { READY_PIPELINES, readyPipelines } from '@wary/rules/pipeline/ready-pipelines.js';
import type { Placeholders } from '@wary/rules/language/modifiers.js';
import { readYaml } from '@wary/rules/yaml/read-yaml.js';
import { CliError } from '../terminal/cli-error.js';

/** Rule files below a folder, in the order of their names; a file is itself. Test data of the Sigma project (info.yml) are no rules. */
export function ruleFilesBelow(path: string): RuleFile[] {
  if (statSync(path).isFile()) return [{ path, text: readFileSync(path, 'utf8') }];
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name) && entry.name !== 'info.yml')
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name)).sort()
    .map((file) => ({ path: file, text: readFileSync(file, 'utf8') }));
}

export interface RuleFolder { readonly set: RuleSet; readonly files: readonly RuleFile[] }

/** With a pipeline's name, fields that it does not know are warned of. */
export function readRuleFolders(paths: readonly string[], placeholdersFile?: string, pipeline?: string): RuleFolder {
  const files = paths.flatMap(ruleFilesBelow);
  if (files.length === 0) throw new CliError(`${paths.join(', ')}: there is no .yml file`);
  return { files, set: loadRules(files, {
    ...(placeholdersFile === undefined ? {} : { placeholders: readPlaceholders(placeholdersFile) }),
    ...(pipeline === undefined || pipeline === 'none' ? {} : { knownFields: createKnownFields(pipelinesFor(pipeline)) }),
  }) };
}

function readPlaceholders(file: string): Placeholders {
  const { documents, problems } = readYaml(readFileSync(file, 'utf8'));
  if (problems[0] !== undefined) throw new CliError(`${file}:${problems[0].line}:${problems[0].column}: ${problems[0].message}`);
  const map = documents[0];
  if (typeof map !== 'object' || map === null || Array.isArray(map)) throw new CliError(`${file}: a map of placeholder and values is needed`);
  return Object.fromEntries(Object.entries(map).map(([name, value]: [string, unknown]) => {
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (!values.every((each): each is string | number => typeof each === 'string' || typeof each === 'number')) throw new CliError(`${file}: the values of "${name}" are texts or numbers`);
    return [name, values];
  }));
}

/** `auto` and `none`: the ready pipelines; a name; or a file. */
export const pipelinesFor = (pipeline: string): Pipeline[] => (pipeline === 'none' || pipeline === 'auto' ? readyPipelines() : [pipelineFor(pipeline)]);

/** `auto` tells events by their shape; `none` tries every rule on every event. */
export const routerFor = (pipeline: string): EventRouter => createRouter(pipelinesFor(pipeline), pipeline === 'none');

/** A ready pipeline by its name, for every event; or a file. */
export function pipelineFor(pipeline: string): Pipeline {
  if (Object.hasOwn(READY_PIPELINES, pipeline)) return { ...readPipeline(READY_PIPELINES[pipeline]!, pipeline), accepts: [] };
  let text: string;
  try {
    text = readFileSync(pipeline, 'utf8');
  } catch {
    throw new CliError(`${pipeline}: there is no such file, and no ready pipeline of that name (${Object.keys(READY_PIPELINES).join(', ')}, auto, none)`);
  }
  try {
    return readPipeline(text, pipeline);
  } catch (error) {
    throw new CliError((error as Error).message);
  }
}
