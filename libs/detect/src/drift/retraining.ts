import type { Finding, Severity } from '@wary/model/finding.js';
import { ANALYTICS } from '../analytics.js';
import { HOUR_MS } from '../engine-limits.js';
import { findingId } from '../finding-id.js';
import { numberWords } from '../words.js';
import { comparedOf, isVersions, keyOf, type Compared } from './compared-subject.js';
import { chanceWords, measureWords, sideWords } from './comparison-finding.js';
import { differenceOf, evidenceOf, sizesOf, type ComparisonState } from './comparison.js';
import { hourWords, levelWords, runLengthWords, streamWords, subjectEntity, subjectWords } from './drift-finding.js';
import { streamOf, type DriftFamily } from './drift-streams.js';
import type { SubjectState } from './watched-subject.js';
import type { StreamState } from './watched-stream.js';

const DAY_HOURS = 24;
const SHOWS_DRIFT: readonly DriftFamily[] = ['input', 'prediction', 'confidence'];

export interface RetrainingLimits { readonly lossMin: number; readonly labelsMin: number; readonly decisionsMin: number; readonly coolDownDays: number }
interface LossReason { readonly ground: 'label_loss' | 'drift_and_estimated_loss'; readonly loss: StreamState; readonly lossKey: 'loss' | 'est'; readonly drifted: readonly string[] }
interface GroupReason { readonly ground: 'group_gap'; readonly of: Compared; readonly state: ComparisonState }
type Reason = LossReason | GroupReason;

/**
 * DR-5: asks a person whether to retrain: when labels that came later say that the model has become worse, when something has drifted and
 * the estimated error has risen with it, or when groups of people are treated differently. Never twice within the cool-down, and not from a handful of decisions.
 */
export function retrainingReason({ streams, asked, compared }: SubjectState, hour: number, { lossMin, labelsMin, decisionsMin, coolDownDays }: RetrainingLimits): Reason | null {
  if (hour - asked < coolDownDays * DAY_HOURS) return null;
  const drifted = [...streams].filter(([key, { zone }]) => zone === 'alarm' && key !== 'est' && SHOWS_DRIFT.includes(streamOf(key)!.family)).map(([key]) => key).sort();
  const loss = streams.get('loss');
  if (loss?.zone === 'alarm' && loss.change.n >= labelsMin && loss.change.mean - loss.reference.mean >= lossMin) return { ground: 'label_loss', loss, lossKey: 'loss', drifted };
  const estimated = streams.get('est');
  const isWorse = estimated !== undefined && (estimated.zone === 'alarm' || estimated.zone === 'warning') && estimated.change.n >= decisionsMin && (estimated.change.mean - estimated.reference.mean) / 1_000 >= lossMin;
  if (isWorse && drifted.length > 0) return { ground: 'drift_and_estimated_loss', loss: estimated, lossKey: 'est', drifted };
  const apart = [...compared.comparisons].map(([key, state]) => ({ key, of: comparedOf(key), state })).filter(({ of, state }) => !isVersions(of) && state.zone === 'apart' && state.sideN + state.otherSideN >= decisionsMin);
  apart.sort((a, b) => evidenceOf(b.state) - evidenceOf(a.state) || (a.key < b.key ? -1 : 1));
  return apart.length === 0 ? null : { ground: 'group_gap', of: apart[0]!.of, state: apart[0]!.state };
}

/** What is asked because of it. Levels in percent. */
interface Facts {
  readonly because: string; readonly strength: number; readonly chance: string; readonly severity: Severity; readonly since: number; readonly observed: number; readonly expected: Finding['explanation']['expected'];
  readonly contributions: Finding['explanation']['contributions']; readonly counterfactual: Finding['explanation']['counterfactual']; readonly baseline: { readonly of: string; readonly windows: number; readonly since: number };
}
const figure = (share: number): number => Number((100 * share).toPrecision(6));

function lossFacts({ ground, loss, lossKey, drifted }: LossReason, { lossMin }: RetrainingLimits): Facts {
  const stream = streamOf(lossKey)!;
  const { change, reference, peak } = loss;
  const scale = lossKey === 'loss' ? 1 : 1_000;
  const [after, before] = [change.mean / scale, reference.mean / scale];
  const labels = drifted.map((key) => streamWords(streamOf(key)!));
  const shares = drifted.length === 0 ? [1] : [0.5, ...drifted.map(() => 0.5 / drifted.length)];
  const strength = Number(peak.toPrecision(9));
  return {
    because: ground === 'label_loss'
      ? `${numberWords(change.n)} labels that came since ${hourWords(change.since)} say that ${levelWords(stream, change.mean)} of its answers were wrong, against ${levelWords(stream, reference.mean)} before`
      : `${labels.join(', ')} ${labels.length === 1 ? 'has' : 'have'} drifted, and by its own confidence ${levelWords(stream, change.mean)} of ${numberWords(change.n)} decisions since ${hourWords(change.since)} are wrong, against ${levelWords(stream, reference.mean)} before`,
    strength, chance: runLengthWords(strength), severity: ground === 'label_loss' ? 'high' : 'medium', since: change.since, observed: figure(after), expected: { value: figure(before), low: 0, high: figure(before + lossMin) },
    contributions: [{ feature: lossKey, label: stream.label, observed: figure(after), expected: levelWords(stream, reference.mean), share: shares[0]! }, ...drifted.map((key, at) => ({ feature: key, label: streamOf(key)!.label, observed: 'drifted', expected: 'as before', share: shares[at + 1]! }))],
    counterfactual: { text: `With less than ${numberWords((before + lossMin) * 100)} % wrong it would not have been asked.`, feature: lossKey, value: figure(before + lossMin) },
    baseline: { of: lossKey, windows: Math.round(reference.hours), since: reference.first },
  };
}

function groupFacts({ of, state }: GroupReason): Facts {
  const { share, otherShare, low, high } = differenceOf(state)!;
  const strength = Number(evidenceOf(state).toPrecision(9));
  const { own, other } = sideWords(of);
  const percent = (value: number): string => `${numberWords(100 * value)} %`;
  return {
    because: `since ${hourWords(sizesOf(state).since)} there are ${measureWords(of.measure)} in ${percent(share)} of cases for ${own}, and in ${percent(otherShare)} for ${other} at the same hours`,
    strength, chance: chanceWords(strength), severity: 'medium', since: state.since, observed: figure(share), expected: { value: figure(otherShare), low: figure(Math.max(0, share - high)), high: figure(Math.min(1, share - low)) },
    contributions: [{ feature: `${of.attribute}=${of.value}`, label: `${measureWords(of.measure)} for ${own}`, observed: figure(share), expected: `${percent(otherShare)} for ${other}`, share: 1 }],
    counterfactual: { text: `With about ${percent(otherShare)} for ${own} too it would not have been asked.`, feature: of.measure, value: figure(otherShare) },
    baseline: { of: keyOf(of).replaceAll('\u0001', '/'), windows: state.evidence.blocks, since: state.first },
  };
}

/** The question; its answer is the verdict on the alert, with who gave it, when and why in its timeline. */
export function retrainingFinding(tenant: string, subject: string, hour: number, reason: Reason, limits: RetrainingLimits, seq: number): Finding {
  const { because, strength, chance, severity, since, observed, expected, contributions, counterfactual, baseline } = reason.ground === 'group_gap' ? groupFacts(reason) : lossFacts(reason, limits);
  const entity = subjectEntity(subject);
  return {
    id: findingId(['retraining', ANALYTICS.retraining.version, tenant, subject, hour]), revision: 0, tenant, entity: { type: entity.type, id: entity.id }, detector: { id: 'retraining', version: ANALYTICS.retraining.version }, reason: 'retraining',
    title: `Retraining asked for: ${subjectWords(subject)}`, window: { start: since * HOUR_MS, end: (hour + 1) * HOUR_MS }, time: (hour + 1) * HOUR_MS, historical: false, deterministic: false, strength, p: null, criticality: 2, severity,
    explanation: {
      summary: `Should ${subjectWords(subject)} be retrained? ${because.charAt(0).toUpperCase()}${because.slice(1)}. Without a ${reason.ground === 'group_gap' ? 'difference evidence like this ever' : 'change evidence like this'} comes ${chance}. Nothing is done without an answer; it is asked again after ${limits.coolDownDays} days at the earliest.`,
      observed, expected, unit: '%', unlikely: chance, contributions, counterfactual,
      peers: null, history: [], techniques: [], duties: [...ANALYTICS.retraining.duties],
      runbook: 'Answer with a verdict and a note: confirmed approves a retraining, benign says that the change is expected, false positive that the loss is none. Before a new version goes live compare it with this one on the same data, keep this one to go back to, and record the deployment; check whether it is a substantial modification (AI Act 3(23)).',
      calibration: 'model', baseline: { id: `${subject.replaceAll('\u0000', '/')}/${baseline.of}`, windows: baseline.windows, since: baseline.since * HOUR_MS }, eventIds: [],
    },
    seq, closed: true,
  };
}
