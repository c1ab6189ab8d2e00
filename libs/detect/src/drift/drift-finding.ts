import type { Entity } from '@wary/model/entity.js';
import type { Finding, Severity } from '@wary/model/finding.js';
import { ANALYTICS } from '../analytics.js';
import { HOUR_MS } from '../engine-limits.js';
import { findingId } from '../finding-id.js';
import { numberWords } from '../words.js';
import { subjectModel, subjectUse } from './drift-cells.js';
import { readable, varianceFloor, type DriftStream } from './drift-streams.js';
import { valueDeviation } from './stream-reference.js';
import type { StreamState } from './watched-stream.js';

const STRONG_EFFECT = 0.5;
const LARGE_EFFECT = 0.8;
const HOURS_A_YEAR = 8_766;

export interface DriftSignal { readonly tenant: string; readonly subject: string; readonly key: string; readonly stream: DriftStream; readonly state: StreamState; /** Hour it is told at, and of the change. */ readonly hour: number; readonly start: number; readonly effectMin: number; /** Labels of other streams that have changed too. */ readonly others: readonly string[] }

export const subjectEntity = (subject: string): Entity => ({ type: 'model', id: subjectModel(subject) });
export const subjectWords = (subject: string): string => (subjectUse(subject) === '' ? `model ${subjectModel(subject)}` : `model ${subjectModel(subject)} on ${subjectUse(subject)}`);
/** "the share of failed requests", "the typical latency". */
export const streamWords = ({ scale, label }: DriftStream): string => (scale === 'share' ? `the share of ${label}` : scale === 'log' || scale === 'signed-log' ? `the typical ${label}` : `the mean ${label}`);
export const hourWords = (hour: number): string => `${new Date(hour * HOUR_MS).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
const percent = (unit: string): string => (unit === '%' ? ' %' : unit === '' ? '' : ` ${unit}`);
export const levelWords = ({ scale, unit }: DriftStream, mean: number): string => `${scale === 'thousandths' && unit === '' ? readable(scale, mean, unit).toFixed(2) : numberWords(readable(scale, mean, unit))}${percent(unit)}`;

/** How often evidence of so many decades comes while nothing changes: its run length in hours with values. */
export function runLengthWords(decades: number): string {
  const years = 10 ** Math.min(decades, 300) / HOURS_A_YEAR;
  return years >= 1e6 ? 'less than once in a million years of hours like these' : years >= 2 ? `at most about once in ${numberWords(Number(years.toPrecision(2)))} years of hours like these` : `at most about once in ${numberWords(Number((years * 365.25).toPrecision(2)))} days of hours like these`;
}

/** The nearest mean at which the effect is too small for an alarm. */
function quietMean({ scale }: DriftStream, { reference, change }: StreamState, effectMin: number): number {
  const sign = change.direction;
  if (scale !== 'share') return reference.mean + sign * effectMin * valueDeviation(reference, false, varianceFloor(scale));
  const arc = 2 * Math.asin(Math.sqrt(Math.max(0, Math.min(1, reference.mean)))) + sign * effectMin;
  return Math.sin(Math.max(0, Math.min(Math.PI, arc)) / 2) ** 2;
}

/** Three figures, rounded one way: a number that is written must keep it quiet as it is written. */
function towards(value: number, direction: number): number {
  if (value === 0) return 0;
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 2);
  return Number(((direction < 0 ? Math.floor(value / unit) : Math.ceil(value / unit)) * unit).toPrecision(3));
}

function severityOf({ family }: DriftStream, { effect }: StreamState): Severity {
  const size = Math.abs(effect);
  if (family === 'operation' || family === 'label') return effect < 0 ? 'low' : size >= LARGE_EFFECT ? 'high' : 'medium';
  return size >= STRONG_EFFECT ? 'medium' : 'low';
}

export const driftFindingId = ({ tenant, subject, key, start }: Pick<DriftSignal, 'tenant' | 'subject' | 'key' | 'start'>): string =>
  findingId(['drift', ANALYTICS.drift.version, tenant, subject, key, start]);

/** `closing`: how it ended, at the last revision. */
export function driftFinding(signal: DriftSignal, revision: number, seq: number, closing: 'settled' | 'over' | null): Finding {
  const { subject, key, stream, state, hour, start, effectMin, others } = signal;
  const { reference, change, effect } = state;
  const strength = Number(state.peak.toPrecision(9));
  const before = levelWords(stream, reference.mean);
  const after = levelWords(stream, change.mean);
  const quiet = towards(readable(stream.scale, quietMean(stream, state, effectMin), stream.unit), -change.direction);
  const spread = 2 * Math.sqrt(reference.between);
  const value = (mean: number): number => Number(readable(stream.scale, mean, stream.unit).toPrecision(6));
  const low = stream.scale === 'signed-log' ? reference.mean - spread : Math.max(0, reference.mean - spread);
  const also = others.length === 0 ? '' : ` Changed at the same time: ${others.join(', ')}.`;
  const end = closing === null ? '' : closing === 'over' ? ' It is back to what it was.' : ' It has lasted a week and is the usual level from now on.';
  const entity = subjectEntity(subject);
  return {
    id: driftFindingId(signal), revision, tenant: signal.tenant, entity: { type: entity.type, id: entity.id }, detector: { id: 'drift', version: ANALYTICS.drift.version }, reason: 'drift',
    title: `Drift of ${subjectWords(subject)}: ${stream.label} ${change.direction > 0 ? 'up' : 'down'}`,
    window: { start: start * HOUR_MS, end: (hour + 1) * HOUR_MS }, time: (hour + 1) * HOUR_MS, historical: false, deterministic: false, strength, p: null, criticality: 2, severity: severityOf(stream, state),
    explanation: {
      summary: `Of ${subjectWords(subject)}, ${streamWords(stream)} has changed since ${hourWords(change.since)}: ${after} on average in ${numberWords(change.n)} events, ${before} before. The effect is ${Math.abs(effect).toFixed(2)} ${stream.scale === 'share' ? '(Cohen\'s h)' : 'standard deviations of single values'}. Without a change evidence like this comes ${runLengthWords(strength)}.${also}${end}`,
      observed: value(change.mean), expected: { value: value(reference.mean), low: value(low), high: value(reference.mean + spread) }, unit: stream.unit, unlikely: runLengthWords(strength),
      contributions: [{ feature: key, label: stream.label, observed: value(change.mean), expected: before, share: 1 }],
      counterfactual: { text: `With ${quiet}${percent(stream.unit)} or nearer to ${before} the effect would be below ${effectMin}, and it would have stayed a warning.`, feature: key, value: quiet },
      peers: null, history: [], techniques: [...ANALYTICS.drift.techniques], duties: [...ANALYTICS.drift.duties], runbook: 'Was the model, its prompt, or what calls it changed? Record the release as a deployment. Else compare inputs of before and after, and check the answers against labels.',
      calibration: 'model', baseline: { id: `${subject.replaceAll('\u0000', '/')}/${key}`, windows: Math.round(reference.hours), since: reference.first * HOUR_MS }, eventIds: [],
    },
    seq, closed: closing !== null,
  };
}
