import type { Finding, Severity } from '@wary/model/finding.js';
import { ANALYTICS } from '../analytics.js';
import { HOUR_MS } from '../engine-limits.js';
import { findingId } from '../finding-id.js';
import { numberWords } from '../words.js';
import { keyOf, isVersions, type Compared } from './compared-subject.js';
import { differenceOf, effectOf, sizesOf, type ComparisonState } from './comparison.js';
import { FAILED, WRONG } from './comparison-cells.js';
import { hourWords, subjectEntity, subjectWords } from './drift-finding.js';

const LARGE_EFFECT = 0.5;
const LABEL = 'label=';
/** Four fifths (EEOC, 29 CFR 1607.4(D)): told, not judged by. */
const FOUR_FIFTHS = 0.8;

export interface ComparisonSignal { readonly tenant: string; readonly subject: string; readonly of: Compared; readonly state: ComparisonState; readonly hour: number; readonly start: number; readonly effectMin: number }

/** "wrong answers", "failed requests", "decisions "approve"". */
export const measureWords = (measure: string): string => (measure === WRONG ? 'wrong answers' : measure === FAILED ? 'failed requests' : `decisions "${measure.slice(LABEL.length)}"`);
const verbWords = (measure: string): string => (measure === WRONG ? 'is wrong' : measure === FAILED ? 'fails' : `decides "${measure.slice(LABEL.length)}"`);
export const sideWords = (of: Compared): { readonly own: string; readonly other: string } =>
  isVersions(of) ? { own: `version ${of.value}`, other: `version ${of.against}` } : { own: `${of.attribute} ${of.value}`, other: 'all others' };

const percentWords = (share: number): string => `${numberWords(100 * share)} %`;
const points = (share: number): string => `${numberWords(100 * Math.abs(share))} points`;

/** How often evidence like this comes while there is no difference: ever, however often one looks (Ville). */
export const chanceWords = (decades: number): string => `with a chance of at most one in ${numberWords(Number((10 ** Math.min(12, decades)).toPrecision(2)))}, however often one looks`;

/** The share of the first at which the effect is too small, towards the other; three figures, so that it holds as it is written. */
function quietPercent(share: number, otherShare: number, effectMin: number): number {
  const down = share < otherShare;
  const arc = 2 * Math.asin(Math.sqrt(otherShare)) + (down ? -1 : 1) * effectMin;
  const percent = 100 * Math.sin(Math.max(0, Math.min(Math.PI, arc)) / 2) ** 2;
  return Number(((down ? Math.ceil(percent * 100) : Math.floor(percent * 100)) / 100).toPrecision(6));
}

function severityOf({ measure }: Compared, versions: boolean, effect: number): Severity {
  // A new version that does better is good news, and a decision all the same.
  if (versions && effect < 0) return 'low';
  return Math.abs(effect) >= LARGE_EFFECT || (!versions && measure === WRONG) ? 'high' : 'medium';
}

export function comparisonFinding({ tenant, subject, of, state, hour, start, effectMin }: ComparisonSignal, revision: number, seq: number, isOver: boolean): Finding {
  const versions = isVersions(of);
  const id = versions ? 'version_gap' : 'group_gap';
  const analytic = ANALYTICS[id];
  const { share, otherShare, difference, low, high } = differenceOf(state)!;
  const effect = effectOf(state);
  const strength = Number(state.peak.toPrecision(9));
  const { own, other } = sideWords(of);
  const { n, otherN, since } = sizesOf(state);
  const more = difference > 0;
  const entity = subjectEntity(subject);
  const ratio = Math.min(share, otherShare) / Math.max(share, otherShare);
  const fifths = !versions && of.measure.startsWith(LABEL) ? ` The smaller share is ${numberWords(Number((100 * ratio).toPrecision(3)))} % of the larger one, ${ratio < FOUR_FIFTHS ? 'below' : 'not below'} four fifths.` : '';
  const subjectName = subjectWords(subject);
  const percent = (value: number): number => Number((100 * value).toPrecision(6));
  const quiet = quietPercent(share, otherShare, effectMin);
  const what = versions ? `${own[0]!.toUpperCase()}${own.slice(1)} ${verbWords(of.measure)}` : `For ${own} it ${verbWords(of.measure)}`;
  const verdict = versions ? (more ? ` ${of.against} is the better one so far.` : ` ${of.value} may take over.`) : '';
  return {
    id: findingId([id, analytic.version, tenant, subject, keyOf(of), start]), revision, tenant, entity: { type: entity.type, id: entity.id }, detector: { id, version: analytic.version }, reason: analytic.reason,
    title: versions ? `Version ${of.value} of ${subjectName} does ${more ? 'worse' : 'better'} than ${of.against}: ${measureWords(of.measure)}` : `Groups are treated differently by ${subjectName}: ${of.attribute}, ${measureWords(of.measure)}`,
    window: { start: start * HOUR_MS, end: (hour + 1) * HOUR_MS }, time: (hour + 1) * HOUR_MS, historical: false, deterministic: false, strength, p: null, criticality: 2, severity: severityOf(of, versions, effect),
    explanation: {
      summary: `${what} in ${percentWords(share)} of ${numberWords(n)} ${of.measure === FAILED ? 'requests' : of.measure === WRONG ? 'answers with a label' : 'decisions'}, for ${other} in ${percentWords(otherShare)} of ${numberWords(otherN)} at the same hours, since ${hourWords(since)}: ${points(difference)} ${more ? 'more' : 'less'} (95 % interval ${numberWords(100 * Math.min(Math.abs(low), Math.abs(high)))} to ${numberWords(100 * Math.max(Math.abs(low), Math.abs(high)))}).${fifths} The effect is ${Math.abs(effect).toFixed(2)} (Cohen's h). Were they alike, evidence like this would ever come ${chanceWords(strength)}.${verdict}${isOver ? ' It is over: evidence has fallen, or a release has begun it anew.' : ''}`,
      observed: percent(share), expected: { value: percent(otherShare), low: percent(Math.max(0, share - high)), high: percent(Math.min(1, share - low)) }, unit: '%', unlikely: chanceWords(strength),
      contributions: [{ feature: versions ? of.measure : `${of.attribute}=${of.value}`, label: versions ? measureWords(of.measure) : `${measureWords(of.measure)} for ${own}`, observed: percent(share), expected: `${percentWords(otherShare)} for ${other}`, share: 1 }],
      counterfactual: { text: `With ${quiet} % or nearer to ${percentWords(otherShare)} the effect would be below ${effectMin}, and nothing would have been said.`, feature: of.measure, value: quiet },
      peers: null, history: [], techniques: [...analytic.techniques], duties: [...analytic.duties],
      runbook: versions
        ? 'Compare both on the same data before one of them takes over, keep the other to go back to, and record the deployment or the rollback; check whether it is a substantial modification (AI Act 3(23)).'
        : 'A difference is not yet a discrimination: is there a reason that may count, and does it explain all of it? Compare decisions of both groups that are alike otherwise, look at the features behind them, and record what was decided about it.',
      calibration: 'model', baseline: { id: `${subject.replaceAll('\u0000', '/')}/${versions ? `version/${of.value}/${of.against}` : `${of.attribute}/${of.value}`}/${of.measure}`, windows: state.evidence.blocks, since: state.first * HOUR_MS }, eventIds: [],
    },
    seq, closed: isOver,
  };
}
