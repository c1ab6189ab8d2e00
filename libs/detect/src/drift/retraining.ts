import type { Finding } from '@wary/model/finding.js';
import { ANALYTICS } from '../analytics.js';
import { HOUR_MS } from '../engine-limits.js';
import { findingId } from '../finding-id.js';
import { numberWords } from '../words.js';
import { hourWords, levelWords, runLengthWords, streamWords, subjectEntity, subjectWords } from './drift-finding.js';
import { streamOf, type DriftFamily } from './drift-streams.js';
import type { SubjectState } from './watched-subject.js';
import type { StreamState } from './watched-stream.js';

const DAY_HOURS = 24;
const SHOWS_DRIFT: readonly DriftFamily[] = ['input', 'prediction', 'confidence'];

export interface RetrainingLimits { readonly lossMin: number; readonly labelsMin: number; readonly decisionsMin: number; readonly coolDownDays: number }
interface Reason { readonly ground: 'label_loss' | 'drift_and_estimated_loss'; readonly loss: StreamState; readonly lossKey: 'loss' | 'est'; readonly drifted: readonly string[] }

/**
 * DR-5: asks a person whether to retrain: when labels that came later say that the model has become worse, or when something has drifted and
 * the estimated error has risen with it. Never twice within the cool-down, and not from a handful of decisions.
 */
export function retrainingReason({ streams, asked }: SubjectState, hour: number, { lossMin, labelsMin, decisionsMin, coolDownDays }: RetrainingLimits): Reason | null {
  if (hour - asked < coolDownDays * DAY_HOURS) return null;
  const drifted = [...streams].filter(([key, { zone }]) => zone === 'alarm' && key !== 'est' && SHOWS_DRIFT.includes(streamOf(key)!.family)).map(([key]) => key).sort();
  const loss = streams.get('loss');
  if (loss?.zone === 'alarm' && loss.change.n >= labelsMin && loss.change.mean - loss.reference.mean >= lossMin) return { ground: 'label_loss', loss, lossKey: 'loss', drifted };
  const estimated = streams.get('est');
  const isWorse = estimated !== undefined && (estimated.zone === 'alarm' || estimated.zone === 'warning') && estimated.change.n >= decisionsMin && (estimated.change.mean - estimated.reference.mean) / 1_000 >= lossMin;
  return isWorse && drifted.length > 0 ? { ground: 'drift_and_estimated_loss', loss: estimated, lossKey: 'est', drifted } : null;
}

/** The question; its answer is the verdict on the alert, with who gave it, when and why in its timeline. */
export function retrainingFinding(tenant: string, subject: string, hour: number, { ground, loss, lossKey, drifted }: Reason, { lossMin, coolDownDays }: RetrainingLimits, seq: number): Finding {
  const stream = streamOf(lossKey)!;
  const { change, reference, peak } = loss;
  const scale = lossKey === 'loss' ? 1 : 1_000;
  const [after, before] = [change.mean / scale, reference.mean / scale];
  const strength = Number(peak.toPrecision(9));
  const labels = drifted.map((key) => streamWords(streamOf(key)!));
  const because = ground === 'label_loss'
    ? `${numberWords(change.n)} labels that came since ${hourWords(change.since)} say that ${levelWords(stream, change.mean)} of its answers were wrong, against ${levelWords(stream, reference.mean)} before`
    : `${labels.join(', ')} ${labels.length === 1 ? 'has' : 'have'} drifted, and by its own confidence ${levelWords(stream, change.mean)} of ${numberWords(change.n)} decisions since ${hourWords(change.since)} are wrong, against ${levelWords(stream, reference.mean)} before`;
  const entity = subjectEntity(subject);
  const shares = drifted.length === 0 ? [1] : [0.5, ...drifted.map(() => 0.5 / drifted.length)];
  return {
    id: findingId(['retraining', ANALYTICS.retraining.version, tenant, subject, hour]), revision: 0, tenant, entity: { type: entity.type, id: entity.id }, detector: { id: 'retraining', version: ANALYTICS.retraining.version }, reason: 'retraining',
    title: `Retraining asked for: ${subjectWords(subject)}`, window: { start: change.since * HOUR_MS, end: (hour + 1) * HOUR_MS }, time: (hour + 1) * HOUR_MS, historical: false, deterministic: false, strength, p: null, criticality: 2,
    severity: ground === 'label_loss' ? 'high' : 'medium',
    explanation: {
      summary: `Should ${subjectWords(subject)} be retrained? ${because.charAt(0).toUpperCase()}${because.slice(1)}. Without a change evidence like this comes ${runLengthWords(strength)}. Nothing is done without an answer; it is asked again after ${coolDownDays} days at the earliest.`,
      observed: Number((after * 100).toPrecision(6)), expected: { value: Number((before * 100).toPrecision(6)), low: 0, high: Number(((before + lossMin) * 100).toPrecision(6)) }, unit: '%', unlikely: runLengthWords(strength),
      contributions: [{ feature: lossKey, label: stream.label, observed: Number((after * 100).toPrecision(6)), expected: levelWords(stream, reference.mean), share: shares[0]! }, ...drifted.map((key, at) => ({ feature: key, label: streamOf(key)!.label, observed: 'drifted', expected: 'as before', share: shares[at + 1]! }))],
      counterfactual: { text: `With less than ${numberWords((before + lossMin) * 100)} % wrong it would not have been asked.`, feature: lossKey, value: Number(((before + lossMin) * 100).toPrecision(6)) },
      peers: null, history: [], techniques: [], duties: [...ANALYTICS.retraining.duties],
      runbook: 'Answer with a verdict and a note: confirmed approves a retraining, benign says that the change is expected, false positive that the loss is none. Before a new version goes live compare it with this one on the same data, keep this one to go back to, and record the deployment; check whether it is a substantial modification (AI Act 3(23)).',
      calibration: 'model', baseline: { id: `${subject.replaceAll('\u0000', '/')}/${lossKey}`, windows: Math.round(reference.hours), since: reference.first * HOUR_MS }, eventIds: [],
    },
    seq, closed: true,
  };
}
