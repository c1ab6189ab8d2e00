import type { Event } from '@wary/model/event.js';
import { ANALYTICS } from './analytics.js';
import type { Core, TenantCore } from './core.js';
import { counterfactualNow, counterfactualOf } from './counterfactual.js';
import { DAY_MS } from './engine-limits.js';
import { GROWTH } from './behaviour-weights.js';
import { ENTITY, WINDOW_FLAG } from './entity-layout.js';
import type { EntityState } from './entity-state.js';
import type { OpenWindow, Raised } from './open-window.js';
import { evidenceOf, otherFamilies } from './evidence.js';
import type { Evidence } from './evidence-item.js';
import { explain, titleOf } from './explain.js';
import { BEHAVIOURS, BYTES, DOWNLOADS, FEATURE_COUNT, RESOURCES, ROWS, WINDOWS } from './features.js';
import { findingId } from './finding-id.js';
import { behaviourSeverity } from './severity.js';
import { rememberTold } from './told.js';
import { behaviourScore, strengthOf, valueOf, wantedStrength } from './window-score.js';

const EVENT_IDS_MAX = 12;
/** Each further decade is reported; from here on every tenth, since nobody acts on the difference. */
const DECADES_ONE_BY_ONE = 20;
/** Of the most that an entity ever had: what it has half done before is its own way, however unlikely. */
const RECORD_FACTOR = 2;
const TAKEN: readonly number[] = [DOWNLOADS, BYTES, ROWS, RESOURCES];
/** Far beyond what bursts of honest work reach on long streams; tails like these are extrapolated, so that it is the order that counts, not the figure. */
const OVERWHELMING_DECADES = 15;

/** A behaviour has crossed its target: raises the finding, or a further revision of it. */
export function raise(core: Core, tenant: TenantCore, entity: EntityState, window: OpenWindow, behaviour: number, event: Pick<Event, 'id' | 'time'>): void {
  const score = behaviourScore(window, behaviour);
  const strength = strengthOf(window, behaviour, score);
  let raised = window.raised?.find((other) => other.behaviour === behaviour);
  if (raised === undefined) {
    const { id, version } = ANALYTICS[BEHAVIOURS[behaviour]!];
    raised = {
      behaviour, revision: 0, strength, nextStrength: 0, eventIds: [],
      id: findingId([id, version, tenant.id, entity.type, entity.id, WINDOWS[window.kind]!.id, window.start, window.lane]),
      counterfactual: counterfactualOf(core, tenant, entity, window, behaviour, wantedStrength(core, window, behaviour)),
    };
    (window.raised ??= []).push(raised);
    window.flags |= WINDOW_FLAG.watched;
    if (core.isGuarded) suspect(entity, window);
  } else {
    raised.revision += 1;
    raised.counterfactual = counterfactualNow(core, window, behaviour, wantedStrength(core, window, behaviour)) ?? raised.counterfactual;
  }
  window.lastId = event.id;
  raised.strength = strength;
  raised.nextStrength = nextReport(strength);
  rememberTold(entity, window, behaviour, strength);
  if (raised.eventIds.length < EVENT_IDS_MAX && raised.eventIds.at(-1) !== event.id) raised.eventIds.push(event.id);
  core.out.push(findingOf(core, tenant, entity, window, raised, score, strength, event.time, false));
}

/** The last revision of each finding, with the window as it ended. */
export function reviseClosed(core: Core, tenant: TenantCore, entity: EntityState, window: OpenWindow): void {
  for (const raised of window.raised!) {
    const score = behaviourScore(window, raised.behaviour);
    raised.revision += 1;
    raised.strength = strengthOf(window, raised.behaviour, score);
    raised.counterfactual = counterfactualNow(core, window, raised.behaviour, wantedStrength(core, window, raised.behaviour)) ?? raised.counterfactual;
    core.out.push(findingOf(core, tenant, entity, window, raised, score, raised.strength, window.lastTime, true));
  }
}

function nextReport(strength: number): number {
  const step = strength < DECADES_ONE_BY_ONE ? 1 : 10;
  return strength + step;
}

/** From the window's start to its end the entity is under suspicion; spans that touch grow together. */
function suspect(entity: EntityState, window: OpenWindow): void {
  if (window.start > entity.suspectTo + DAY_MS) entity.suspectFrom = window.start;
  entity.suspectFrom = Math.min(entity.suspectFrom, window.start);
  entity.suspectTo = Math.max(entity.suspectTo, window.end);
}

function findingOf(core: Core, tenant: TenantCore, entity: EntityState, window: OpenWindow, raised: Raised, score: number, strength: number, time: number, closed: boolean): Core['out'][number] {
  const analytic = ANALYTICS[BEHAVIOURS[raised.behaviour]!];
  const evidence = evidenceOf(core, window, entity);
  const lead = evidence.find(({ behaviour }) => behaviour === raised.behaviour)!;
  const criticality = Math.max(1, window.criticality);
  const explanation = explain(core, tenant, entity, window, raised, evidence, strength, score);
  const severity = behaviourSeverity({
    strength, criticality, leaving: window.leaving, usualForPeers: explanation.peers?.verdict === 'normal_for_peers',
    otherFamilies: otherFamilies(entity, window, raised.behaviour).size, overwhelmingTake: evidence.some((one) => overwhelmingTake(entity, window, one)),
  });
  return {
    id: raised.id, revision: raised.revision, tenant: tenant.id, entity: { type: entity.type, id: entity.id }, detector: { id: analytic.id, version: analytic.version },
    reason: analytic.reason, title: titleOf(core, entity, window, lead), window: { start: window.start, end: window.end }, time, historical: window.historical, deterministic: false,
    strength: round(strength), p: 10 ** -round(strength), criticality, severity, explanation, seq: core.seq, closed,
  };
}

/** Data taken, by a feature of its own; requests, tokens and cost may be an evaluation or a batch, and take nothing along. */
const overwhelmingTake = ({ chunk, f }: EntityState, window: OpenWindow, { behaviour, feature, decades }: Evidence): boolean =>
  behaviour !== GROWTH && TAKEN.includes(feature) && decades >= OVERWHELMING_DECADES && valueOf(window, feature) >= RECORD_FACTOR * chunk.f32[f + ENTITY.largest + window.kind * FEATURE_COUNT + feature]!;

/** Nine digits: what another order of additions could change is left out. */
const round = (strength: number): number => Number(strength.toPrecision(9));
