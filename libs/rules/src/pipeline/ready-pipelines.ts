import type { Pipeline } from './pipeline-model.js';
import { CLOUDTRAIL, GITHUB, KUBERNETES, OKTA, WARY, WEBSERVER } from './ready/applications.js';
import { OCSF, OTEL } from './ready/schemas.js';
import { WINDOWS } from './ready/windows.js';
import { readPipeline } from './read-pipeline.js';

/** Pipelines that come with the product, in the file format users write; the first that accepts an event decides. */
export const READY_PIPELINES: Readonly<Record<string, string>> = { windows: WINDOWS, wary: WARY, cloudtrail: CLOUDTRAIL, okta: OKTA, github: GITHUB, kubernetes: KUBERNETES, ocsf: OCSF, otel: OTEL, webserver: WEBSERVER };

const read = new Map<string, Pipeline>();
/** Read once: reading YAML takes longer than all that is done with it. */
export function readyPipeline(name: string): Pipeline {
  let pipeline = read.get(name);
  if (pipeline === undefined) read.set(name, (pipeline = readPipeline(READY_PIPELINES[name]!, name)));
  return pipeline;
}
export const readyPipelines = (): Pipeline[] => Object.keys(READY_PIPELINES).map(readyPipeline);
