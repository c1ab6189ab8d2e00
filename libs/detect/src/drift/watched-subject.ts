import { subjectUse, type StreamSums } from './drift-cells.js';
import { FIXED_STREAMS, parentOf, streamOf, type DriftStream } from './drift-streams.js';
import { createErrorEstimate, estimateErrors, learnLabels, type ErrorEstimate } from './error-estimate.js';
import { createComparedSubject, type ComparedSubject } from './compared-subject.js';
import { createStream, EXPLAINED_HOURS, stepStream, type StreamLimits, type StreamState, type StreamStep } from './watched-stream.js';

/** Streams of one subject, the values of one category among them, and the versions of a model that are remembered. */
export const STREAMS_MAX = 64;
const VALUES_PER_CATEGORY_MAX = 8;
const VERSIONS_MAX = 32;
/** A version that comes when the model has been known for so long is a release. */
const KNOWN_HOURS = 7 * 24;

export interface SubjectState {
  first: number; last: number;
  streams: Map<string, StreamState>;
  estimate: ErrorEstimate;
  /** Its groups and its versions, held against each other. */
  compared: ComparedSubject;
  versions: string[];
  /** Hour of the latest release, and what is known of it; NaN: none. */
  release: number; released: string;
  /** Hour at which retraining was asked for last. */
  asked: number;
}

export const createSubject = (hour: number): SubjectState => ({ first: hour, last: hour, streams: new Map(), estimate: createErrorEstimate(), compared: createComparedSubject(), versions: [], release: Number.NaN, released: '', asked: Number.NaN });

export interface StreamNews { readonly key: string; readonly stream: DriftStream; readonly state: StreamState; readonly step: StreamStep }

/** Whether a release explains what changes now. */
export const isExplained = ({ release }: SubjectState, hour: number): boolean => hour >= release && hour - release < EXPLAINED_HOURS;

/** One hour of a subject, its streams in the order of their names; gives the steps of those that said something, and how many streams found no place. */
export function stepSubject(state: SubjectState, subject: string, hour: number, cells: ReadonlyMap<string, StreamSums>, limits: Omit<StreamLimits, 'explained'>): { readonly news: readonly StreamNews[]; readonly judged: number; readonly left: number } {
  const sums = new Map(cells);
  const estimated = estimateErrors(state.estimate, cells);
  if (estimated !== null) sums.set('est', estimated);
  learnLabels(state.estimate, cells);
  noteVersions(state, hour, cells);
  addAbsentValues(state, sums);
  const news: StreamNews[] = [];
  let [judged, left] = [0, 0];
  const explained = isExplained(state, hour);
  for (const key of [...sums.keys()].sort()) {
    const stream = streamOf(key);
    if (stream === null || key.endsWith('=')) continue;
    let own = state.streams.get(key);
    if (own === undefined) {
      if (!hasRoom(state, key)) { left += 1; continue; }
      state.streams.set(key, (own = createStream()));
      inherit(state, key, own);
    }
    if (own.zone !== 'learning') judged += 1;
    const step = stepStream(own, stream, hour, totalOf(key, sums), { ...limits, explained });
    if (step !== 'nothing') news.push({ key, stream, state: own, step });
  }
  state.last = hour;
  return { news, judged, left: subjectUse(subject) === '' ? left : 0 };
}

/** The share of a value is among all that have the category. */
function totalOf(key: string, sums: ReadonlyMap<string, StreamSums>): StreamSums {
  const own = sums.get(key)!;
  const parent = parentOf(key);
  return parent === null ? own : { n: sums.get(`${parent}=`)?.n ?? own.n, sum: own.sum, squares: own.sum };
}

/** What a category had before and has not in this hour was there zero times. */
function addAbsentValues({ streams }: SubjectState, sums: Map<string, StreamSums>): void {
  for (const key of streams.keys()) {
    const parent = parentOf(key);
    if (parent !== null && !sums.has(key) && sums.has(`${parent}=`)) sums.set(key, { n: 0, sum: 0, squares: 0 });
  }
}

/** A value that comes new was at zero for as long as its category has been known. */
function inherit({ streams }: SubjectState, key: string, own: StreamState): void {
  const parent = parentOf(key);
  if (parent === null) return;
  for (const [other, { reference, zone }] of streams) {
    if (other === key || parentOf(other) !== parent) continue;
    Object.assign(own.reference, { first: reference.first, last: reference.last, hours: reference.hours, weights: reference.weights.slice() });
    own.zone = zone === 'learning' ? 'learning' : 'stable';
    own.since = reference.first;
    return;
  }
}

function hasRoom({ streams }: SubjectState, key: string): boolean {
  if (FIXED_STREAMS.includes(key)) return true;
  if (streams.size >= STREAMS_MAX) return false;
  const parent = parentOf(key);
  return parent === null || [...streams.keys()].filter((other) => parentOf(other) === parent).length < VALUES_PER_CATEGORY_MAX;
}

function noteVersions(state: SubjectState, hour: number, cells: ReadonlyMap<string, StreamSums>): void {
  for (const key of [...cells.keys()].sort()) {
    if (!key.startsWith('ver=')) continue;
    const version = key.slice(4);
    if (state.versions.includes(version)) continue;
    state.versions.push(version);
    if (state.versions.length > VERSIONS_MAX) state.versions.shift();
    if (hour - state.first >= KNOWN_HOURS) release(state, hour, version);
  }
}

export function release(state: SubjectState, hour: number, version: string): void {
  state.release = hour;
  state.released = version;
}
