import { GIVEN_BACK_MAX } from '@wary/baseline/score-calibration.js';
import type { Contribution, Finding, HistoryPoint } from '@wary/model/finding.js';
import { ANALYTICS } from './analytics.js';
import { ACTIVITY, GROWTH, NOVELTY, OFF_HOURS, SEQUENCE } from './behaviour-weights.js';
import { capabilitiesSpoken } from './capabilities-spoken.js';
import type { Core, TenantCore } from './core.js';
import { ENTITY } from './entity-layout.js';
import type { EntityState } from './entity-state.js';
import type { OpenWindow, Raised } from './open-window.js';
import { IN_WINDOW } from './evidence.js';
import type { Evidence } from './evidence-item.js';
import { bandOf, pastBandOf } from './expected.js';
import { BEHAVIOURS, CATEGORIES, CATEGORY_LABELS, FEATURE_COUNT, FEATURES, REQUESTS, WINDOWS } from './features.js';
import { GROWING, usualOf } from './growth.js';
import { pastWindows } from './history.js';
import { hourWords } from './off-hours.js';
import { isUsualTally, tallySummary, tallyTitle } from './tally/explain-tally.js';
import { isTallied } from './tally/note-tallies.js';
import { shownGroup } from './peers/shown-group.js';
import { orderSummary } from './sequence/explain-order.js';
import { splitWords } from './split.js';
import { isCount, isRanked, predictedOf, valueOf } from './window-score.js';
import { entityWords, numberWords, spanWords, thisEntity, unlikelyWords, valueWords } from './words.js';

type Explanation = Finding['explanation'];
const EVENT_IDS_MAX = 20;
const CONTRIBUTIONS_MAX = 8;
/** Acts named in one sentence. */
const TOGETHER_MAX = 4;
const WEEK_MS = 7 * 86_400_000;
/** Windows with activity in a week, where an entity's own rate is not known (a working week). */
const TYPICAL_PER_WEEK = [300, 45, 5] as const;
/** A value that at least one in a hundred of the peers' windows reaches is usual among them. */
const USUAL_SHARE = 0.01;
/** A step that peers have done so often is nothing new among them. */
const ORDER_USUAL_TIMES = 20;

export function explain(core: Core, tenant: TenantCore, entity: EntityState, window: OpenWindow, raised: Raised, evidence: readonly Evidence[], strength: number, score: number): Explanation {
  const id = BEHAVIOURS[raised.behaviour]!;
  const lead = evidence.find(({ behaviour }) => behaviour === raised.behaviour)!;
  const band = lead.feature >= 0 && predictedOf(window, lead.feature).c !== 0 ? bandOf(predictedOf(window, lead.feature)) : null;
  const peers = peersOf(tenant, entity, window, lead);
  const together = lead.behaviour === ACTIVITY ? evidence.filter(({ behaviour }) => behaviour === ACTIVITY).slice(0, TOGETHER_MAX) : [];
  const contributions = contributionsOf(evidence, lead);
  const split = splitWords(entity, window.end);
  const unlikely = unlikelyWords(10 ** -strength, windowsPerWeek(entity, window), entity.type);
  return {
    summary: `${together.length > 0 ? togetherWords(entity, window, together) : lead.behaviour === SEQUENCE ? orderSummary(core, entity, window) : isTallied(lead.behaviour) ? tallySummary(core, tenant, entity, window, lead.behaviour) : summaryOf(entity, window, lead, band?.high ?? null, peers)} ${capital(unlikely)}.${split === '' ? '' : ` Its baseline is a new one, since ${split}.`}${peerWords(entity, peers)}`,
    observed: typeof lead.observed === 'number' ? lead.observed : null,
    expected: band,
    unit: lead.feature >= 0 ? FEATURES[lead.feature]!.unit : '',
    unlikely,
    contributions,
    counterfactual: raised.counterfactual,
    peers,
    history: lead.feature >= 0 && predictedOf(window, lead.feature).c !== 0 ? historyOf(entity, window, lead) : [],
    techniques: [...ANALYTICS[id].techniques],
    duties: [...ANALYTICS[id].duties],
    ...capabilitiesSpoken(id, entity, contributions),
    calibration: sourceOf(window, raised, strength, score),
    baseline: { id: `${entity.type}:${entity.id}@${WINDOWS[window.kind]!.id}`, windows: entity.windowsLearned, since: split === '' ? entity.since : entity.splitAt },
    eventIds: eventIdsOf(window, raised),
  };
}

/** Who speaks: ranks inside the data, the tail fitted beyond them, or the model where ranks would have said more than it may. */
function sourceOf(window: OpenWindow, { behaviour }: Raised, strength: number, score: number): Explanation['calibration'] {
  if (isRanked(window, behaviour, score)) return strength < score ? 'rank' : 'model';
  return strength < score + GIVEN_BACK_MAX - 1e-9 ? 'fitted_tail' : 'model';
}

/** Shares of the strength: each piece of evidence by its −log p. The leading one of the finding's behaviour comes first; they sum to one. */
function contributionsOf(evidence: readonly Evidence[], lead: Evidence): Contribution[] {
  const chosen = [lead, ...evidence.filter((item) => item !== lead && item.decades > 0)].slice(0, CONTRIBUTIONS_MAX);
  const sum = chosen.reduce((total, { decades }) => total + decades, 0);
  let rest = 1;
  return chosen.map(({ id, label, observed, expected, decades }, index) => {
    const share = index === chosen.length - 1 ? Number(rest.toFixed(6)) : Number((decades / sum).toFixed(6));
    rest -= share;
    return { feature: id, label, observed, expected, share };
  });
}

export function peersOf(tenant: TenantCore, entity: EntityState, window: OpenWindow, lead: Evidence): Explanation['peers'] {
  const { node } = tenant.population.view(entity.node);
  const count = Math.max(0, node.entities - (entity.joined ? 1 : 0));
  const known = count > 0 && node.windows[window.kind]! >= WINDOWS[window.kind]!.peerWindowsMin;
  if (lead.feature >= 0) {
    const cell = window.kind * FEATURE_COUNT + lead.feature;
    const usual = node.shareFrom(cell, lead.observed as number) >= USUAL_SHARE;
    return { group: shownGroup(tenant.population, entity), count, max: tidy(node.largest[cell]!), expected: tidy(node.median(cell)), verdict: !known ? 'no_peers' : usual ? 'normal_for_peers' : 'unusual_for_both' };
  }
  if (lead.category >= 0) {
    const adopters = node.adopters(lead.category, lead.hash);
    return { group: shownGroup(tenant.population, entity), count, max: adopters, expected: 0, verdict: !known ? 'no_peers' : adopters >= 2 ? 'normal_for_peers' : 'unusual_for_both' };
  }
  if (lead.behaviour === SEQUENCE) {
    const times = node.orders.countOf(lead.hash);
    return { group: shownGroup(tenant.population, entity), count, max: times, expected: 0, verdict: !known ? 'no_peers' : times >= ORDER_USUAL_TIMES ? 'normal_for_peers' : 'unusual_for_both' };
  }
  if (isTallied(lead.behaviour)) {
    const stats = node.actStats(lead.hash);
    return { group: shownGroup(tenant.population, entity), count, max: stats?.days ?? 0, expected: 0, verdict: !known ? 'no_peers' : isUsualTally(window, lead, stats, node.actDays) ? 'normal_for_peers' : 'unusual_for_both' };
  }
  if (lead.behaviour === ACTIVITY) {
    const days = node.actStats(lead.hash)?.days ?? 0;
    return { group: shownGroup(tenant.population, entity), count, max: days, expected: 0, verdict: !known ? 'no_peers' : days >= USUAL_SHARE * node.actDays ? 'normal_for_peers' : 'unusual_for_both' };
  }
  const cells = node.week;
  const total = cells.reduce((sum, hours) => sum + hours, 0);
  const share = total === 0 ? 0 : cells[window.weekCell]! / total;
  return { group: shownGroup(tenant.population, entity), count, max: cells[window.weekCell]!, expected: Math.round(total / cells.length), verdict: !known ? 'no_peers' : share >= USUAL_SHARE / 10 ? 'normal_for_peers' : 'unusual_for_both' };
}

/** Whether it is unusual for her alone, or for those she is held against too: two different findings. */
function peerWords(entity: EntityState, peers: Explanation['peers']): string {
  if (peers === null || peers.verdict === 'no_peers') return '';
  const who = peers.count === 1 ? 'its one peer' : `its ${numberWords(peers.count)} peers`;
  return peers.verdict === 'normal_for_peers' ? ` Unusual for ${thisEntity(entity.type)}, but usual among ${who}.` : ` Unusual for ${thisEntity(entity.type)} and for ${who}.`;
}

/** What came together on one day. */
const togetherWords = (entity: EntityState, window: OpenWindow, acts: readonly Evidence[]): string =>
  `${entityWords(entity)} did ${spanWords(window.start, window.end)} what ${thisEntity(entity.type)} does not usually do${acts.length > 1 ? ' together' : ''}: ${acts.map(({ observed }) => String(observed)).join('; ')}.`;

function summaryOf(entity: EntityState, window: OpenWindow, lead: Evidence, high: number | null, peers: Explanation['peers']): string {
  const who = entityWords(entity);
  const when = spanWords(window.start, window.end);
  if (lead.behaviour === OFF_HOURS) return `${who} was active on ${hourWords(window.weekCell)} local time, an hour in which ${thisEntity(entity.type)} hardly ever is.`;
  if (lead.behaviour === NOVELTY) {
    const id = CATEGORIES[lead.category]!;
    const known = peers === null || peers.verdict === 'no_peers' ? '' : peers.max === 0 ? `, and to its ${numberWords(peers.count)} peers` : `; ${numberWords(peers.max)} of its ${numberWords(peers.count)} peers know it`;
    return `${who} used the ${CATEGORY_LABELS[id]} ${String(lead.observed)} ${when}: new to ${thisEntity(entity.type)}${known}.`;
  }
  if (lead.behaviour === GROWTH) return growthWords(entity, window, peers);
  const { unit, label } = FEATURES[lead.feature]!;
  const most = entity.chunk.f32[entity.f + ENTITY.largest + window.kind * FEATURE_COUNT + lead.feature]!;
  const never = most > 0 ? `${thisEntity(entity.type)} has had at most ${valueWords(most, unit)} in such a time` : `${thisEntity(entity.type)} has had none before`;
  const others = peers === null || peers.verdict === 'no_peers' ? '' : `, its ${numberWords(peers.count)} peers at most ${valueWords(peers.max, unit)}`;
  const what = unit === 'bytes' ? `${label}: ${valueWords(lead.observed as number, unit)}` : valueWords(lead.observed as number, unit);
  return `${who}: ${what} ${when}; ${never}${others}; up to ${valueWords(high ?? 0, unit)} ${unit === 'bytes' || high === 1 ? 'was' : 'were'} to be expected.`;
}

/** What has grown, and from what. */
function growthWords(entity: EntityState, window: OpenWindow, peers: Explanation['peers']): string {
  const feature = GROWING[window.growthPlace]!;
  const { unit, label } = FEATURES[feature]!;
  const words = (value: number): string => (unit === 'bytes' ? `${valueWords(value, unit)} of ${label}` : valueWords(value, unit));
  const others = peers === null || peers.verdict === 'no_peers' ? '' : `; half of its ${numberWords(peers.count)} peers have at most ${valueWords(peers.expected, unit)} on a day`;
  return `${entityWords(entity)} does more from day to day: ${words(valueOf(window, feature))} ${spanWords(window.start, window.end)}, where about ${words(usualOf(entity, window.growthPlace))} a day used to be usual, and the days before were above it too${others}.`;
}

export function titleOf(core: Pick<Core, 'names'>, entity: EntityState, window: OpenWindow, lead: Evidence): string {
  if (lead.behaviour === OFF_HOURS) return `Active at an unusual hour: ${hourWords(window.weekCell)}`;
  if (isTallied(lead.behaviour)) return tallyTitle(core, window, lead.behaviour);
  if (lead.behaviour === SEQUENCE) return `Unusual order of acts: ${String(lead.observed)}`;
  if (lead.behaviour === ACTIVITY) return `Unusual combination of acts: ${String(lead.observed)}`;
  if (lead.behaviour === GROWTH) return `More from day to day: ${FEATURES[lead.feature]!.label}`;
  if (lead.behaviour === NOVELTY) return `First seen for ${thisEntity(entity.type)}: ${CATEGORY_LABELS[CATEGORIES[lead.category]!]} ${String(lead.observed)}`;
  const { unit, label } = FEATURES[lead.feature]!;
  const value = unit === 'bytes' ? `${valueWords(lead.observed as number, unit)} of ${label}` : lead.feature === REQUESTS || unit !== label ? valueWords(lead.observed as number, unit) : `${numberWords(lead.observed as number)} ${label}`;
  return `${ANALYTICS[BEHAVIOURS[lead.behaviour]!].name}: ${value} in ${IN_WINDOW[window.kind]!}`;
}

function historyOf(entity: EntityState, window: OpenWindow, lead: Evidence): HistoryPoint[] {
  const count = isCount[lead.feature]!;
  const points = pastWindows(entity, window, lead.feature).filter(({ start }) => start < window.start).map(({ start, value, a, b }) => {
    const band = pastBandOf(count, a, b);
    return { start, value: tidy(value), low: band.low, expected: band.value, high: band.high };
  });
  const band = bandOf(predictedOf(window, lead.feature));
  return [...points, { start: window.start, value: lead.observed as number, low: band.low, expected: band.value, high: band.high }];
}

/** First, those at which a revision was raised, the latest since it became unusual, and last. */
function eventIdsOf(window: OpenWindow, raised: Raised): string[] {
  const ids = [...new Set([window.firstId, ...raised.eventIds, ...window.telling])].filter((id) => id !== '' && id !== window.lastId);
  return [...ids.slice(0, EVENT_IDS_MAX - 1), window.lastId];
}

/** Windows with activity in a week of this entity: its own rate while its memory holds all of them. */
function windowsPerWeek(entity: EntityState, window: OpenWindow): number {
  const n = entity.chunk.f32[entity.momentsAt(window.kind * FEATURE_COUNT)]!;
  const weeks = (window.start - entity.since) / WEEK_MS;
  return weeks < 1 || n > 0.5 * WINDOWS[window.kind]!.memoryWindows ? TYPICAL_PER_WEEK[window.kind]! : n / weeks;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
/** Kept in 32 bits: seven digits mean something. */
const tidy = (value: number): number => Number(value.toPrecision(7));
