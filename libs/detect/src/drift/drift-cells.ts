import { EVENT_FLAG, hasFlag, type Event, type MlDecision } from '@wary/model/event.js';
import type { Json } from '@wary/model/json.js';
import { FAILED, groupCells, versionCell, WRONG } from './comparison-cells.js';
import { FEATURE_PREFIX, logStep, signedLogStep, thousandths } from './drift-streams.js';

/** How many values, their sum and the sum of their squares; whole numbers. */
export interface StreamSums { n: number; sum: number; squares: number }
/** Subject → stream → sums. A subject is a model, or a model with the data set or application it was used on. */
export type DriftCells = Map<string, Map<string, StreamSums>>;

/** Of one hour and partition. */
export const DRIFT_SUBJECTS_PER_HOUR_MAX = 256;
export const DRIFT_STREAMS_PER_SUBJECT_MAX = 160;
const FEATURES_MAX = 16;
const NAME_CHARS_MAX = 40;
const MODEL_CHARS_MAX = 128;
export const CONFIDENCE_BINS = 10;
const INJECTION_FLAGGED = 0.5;
const SEPARATOR = '\u0000';

const REFUSED = new Set(['content_filter', 'refusal', 'safety', 'guardrail_intervened', 'blocked', 'content_filtered']);
const CUT_OFF = new Set(['length', 'max_tokens', 'max_output_tokens']);
const CALLED_TOOL = new Set(['tool_calls', 'tool_call', 'tool_use', 'function_call']);

export const subjectModel = (subject: string): string => { const at = subject.indexOf(SEPARATOR); return at < 0 ? subject : subject.slice(0, at); };
/** The data set or application, '' for the model as a whole. */
export const subjectUse = (subject: string): string => { const at = subject.indexOf(SEPARATOR); return at < 0 ? '' : subject.slice(at + 1); };
export const binOf = (confidence: number): number => Math.max(0, Math.min(CONFIDENCE_BINS - 1, Math.floor(confidence * CONFIDENCE_BINS)));
export const modelOf = ({ genAi, ml }: Event): string => (ml?.model ?? '') || genAi?.requestModel || genAi?.responseModel || '';

/** Adds what one event says of its model; a number of increments left out for want of room. */
export function countDrift(cells: DriftCells, event: Event): number {
  if (event.kind === 'lifecycle') return countRelease(cells, event);
  if ((event.genAi === null && event.ml === null) || (event.kind !== 'inference' && event.kind !== 'outcome')) return 0;
  const model = modelOf(event).slice(0, MODEL_CHARS_MAX);
  if (model === '') return 0;
  const { id, type } = event.resource;
  const left = countOf(cells, model, event);
  return (type === 'dataset' || type === 'application') && id !== '' ? left + countOf(cells, `${model}${SEPARATOR}${id.slice(0, MODEL_CHARS_MAX)}`, event) : left;
}

/** The version that answered: a model's own, or the one that stands behind the name that was asked for. */
const versionOf = ({ ml, genAi }: Event): string => (ml !== null ? ml.version : genAi !== null && genAi.responseModel !== genAi.requestModel ? genAi.responseModel : '');

/** A deployment explains a change of the model, or of the application it is used in. */
function countRelease(cells: DriftCells, { action, resource, attributes }: Event): number {
  if (action !== 'deploy' || resource.id === '') return 0;
  const version = attributes['version'];
  return add(cells, resource.id.slice(0, MODEL_CHARS_MAX), resource.type === 'application' ? 'rel.app' : `rel=${typeof version === 'string' ? version.slice(0, NAME_CHARS_MAX) : ''}`, 1);
}

function countOf(cells: DriftCells, subject: string, event: Event): number {
  const { ml, genAi, latencyMs } = event;
  let left = 0;
  if (event.kind === 'inference') {
    left += add(cells, subject, 'err', event.outcome === 'success' ? 0 : 1);
    if (latencyMs !== null) left += add(cells, subject, 'lat', logStep(latencyMs));
    if (event.purpose !== '') left += addCategory(cells, subject, 'for', event.purpose);
    if (genAi !== null) left += countAnswer(cells, subject, event, genAi);
    const version = versionOf(event);
    if (version !== '') left += add(cells, subject, versionCell(FAILED, version), event.outcome === 'success' ? 0 : 1);
  }
  return ml === null ? left : left + countDecision(cells, subject, ml, event.kind === 'inference');
}

function countAnswer(cells: DriftCells, subject: string, event: Event, { inputTokens, outputTokens, finishReasons, requestModel, responseModel }: NonNullable<Event['genAi']>): number {
  let left = 0;
  if (inputTokens > 0) left += add(cells, subject, 'in', logStep(inputTokens));
  if (outputTokens > 0) left += add(cells, subject, 'out', logStep(outputTokens));
  if (finishReasons.length > 0) {
    left += add(cells, subject, 'ref', finishReasons.some((reason) => REFUSED.has(reason)) ? 1 : 0);
    left += add(cells, subject, 'len', finishReasons.some((reason) => CUT_OFF.has(reason)) ? 1 : 0);
    left += add(cells, subject, 'tool', finishReasons.some((reason) => CALLED_TOOL.has(reason)) ? 1 : 0);
  }
  if (hasFlag(event, EVENT_FLAG.contentSeen)) {
    const { injection, piiInput } = event;
    left += add(cells, subject, 'inj', injection >= INJECTION_FLAGGED ? 1 : 0);
    let any = 0;
    for (const category in piiInput) if (piiInput[category]! > 0) { any = 1; break; }
    left += add(cells, subject, 'pii', any);
  }
  return responseModel === '' || responseModel === requestModel ? left : left + add(cells, subject, `ver=${responseModel.slice(0, NAME_CHARS_MAX)}`, 1);
}

/** `asked`: the decision itself; else a later event that says what would have been right. */
function countDecision(cells: DriftCells, subject: string, decision: MlDecision, asked: boolean): number {
  const { label, confidence, features, version, truth } = decision;
  let left = 0;
  for (const [key, value] of groupCells(decision, asked)) left += add(cells, subject, key, value);
  if (asked) {
    if (version !== '') left += add(cells, subject, `ver=${version.slice(0, NAME_CHARS_MAX)}`, 1);
    if (label !== '') left += addCategory(cells, subject, 'label', label);
    if (confidence !== null) {
      left += add(cells, subject, 'conf', thousandths(confidence));
      left += add(cells, subject, `c.${binOf(confidence)}`, 1);
    }
    left += countFeatures(cells, subject, features);
  }
  if (truth === null || label === '' || typeof truth === 'object') return left;
  const wrong = String(truth) === label ? 0 : 1;
  left += add(cells, subject, 'loss', wrong);
  if (version !== '') left += add(cells, subject, versionCell(WRONG, version), wrong);
  return confidence === null ? left : left + add(cells, subject, `t.${binOf(confidence)}`, wrong);
}

function countFeatures(cells: DriftCells, subject: string, features: Json): number {
  if (features === null || typeof features !== 'object') return 0;
  let left = 0;
  // By name, so that the same of them are watched whatever the order they come in.
  const names = Array.isArray(features) ? features.map((_, at) => String(at)) : Object.keys(features).sort();
  for (const name of names.slice(0, FEATURES_MAX)) {
    const value = (features as Record<string, Json>)[name];
    const key = `${FEATURE_PREFIX}${name.slice(0, NAME_CHARS_MAX).replaceAll('=', '_')}`;
    if (typeof value === 'number' && Number.isFinite(value)) left += add(cells, subject, key, signedLogStep(value));
    else if (typeof value === 'string' || typeof value === 'boolean') left += addCategory(cells, subject, key, String(value));
  }
  return left + Math.max(0, names.length - FEATURES_MAX);
}

/** A value of a category, and under the empty value that there was one. */
function addCategory(cells: DriftCells, subject: string, parent: string, value: string): number {
  return value === '' ? 0 : add(cells, subject, `${parent}=${value.slice(0, NAME_CHARS_MAX)}`, 1) + add(cells, subject, `${parent}=`, 1);
}

function add(cells: DriftCells, subject: string, stream: string, value: number): number {
  let streams = cells.get(subject);
  if (streams === undefined) {
    if (cells.size >= DRIFT_SUBJECTS_PER_HOUR_MAX) return 1;
    cells.set(subject, (streams = new Map()));
  }
  const sums = streams.get(stream);
  if (sums === undefined) {
    if (streams.size >= DRIFT_STREAMS_PER_SUBJECT_MAX) return 1;
    streams.set(stream, { n: 1, sum: value, squares: value * value });
    return 0;
  }
  sums.n += 1;
  sums.sum += value;
  sums.squares += value * value;
  return 0;
}

/** Adds the cells of one partition to those of another. */
export function addCells(into: DriftCells, cells: DriftCells): void {
  for (const [subject, streams] of cells) {
    let own = into.get(subject);
    if (own === undefined) into.set(subject, (own = new Map()));
    for (const [stream, { n, sum, squares }] of streams) {
      const sums = own.get(stream);
      if (sums === undefined) own.set(stream, { n, sum, squares });
      else { sums.n += n; sums.sum += sum; sums.squares += squares; }
    }
  }
}
