import { addEvidence, countEvidence, presentEvidence } from '@wary/baseline/act-model.js';
import type { Event } from '@wary/model/event.js';
import { actDayOf, countLogP, predictAct, isKnownSlot, isMany, knownTallySlot, raiseCount, tallySlot, type ActPrediction } from '../act-memory.js';
import { actWords } from '../acts.js';
import type { TenantCore } from '../core.js';
import { DAY_MS } from '../engine-limits.js';
import type { EntityState } from '../entity-state.js';
import { BEHAVIOURS, RESOURCE } from '../features.js';
import type { OpenWindow } from '../open-window.js';
import { ACT_NAMES } from '../value-names.js';
import { LOOKS, PURPOSES, SWITCHES, TALLY_BEHAVIOUR, TALLY_COUNT } from './tallies.js';
import { TallyDay } from './tally-day.js';
import { SWITCHES_HASH, type TallyReader } from './tally-reader.js';

/** Behaviour of each tally, by its place. */
export const BEHAVIOUR_OF_TALLY: readonly number[] = TALLY_BEHAVIOUR.map((id) => BEHAVIOURS.indexOf(id));
/** This much is in every day. */
export const USUAL_DECADES = 0.3;
/** Earlier days speak while the tally is still unusual: what is done on half of the days is a habit. */
const HABIT = 0.5;
/** An object that so many peers, and this share of them, know is a place of work: that somebody comes back to it says nothing. */
const SHARED_MIN = 3;
const SHARED_SHARE = 0.2;
const LN_10 = Math.LN10;

const prediction: ActPrediction = { presence: 0, slow: 0, countMean: 0, countSize: 0 };

/** Bits of the behaviours whose day has become more unusual by this event. The event lies in the window, which is a day of the present. */
export function noteTallies(tenant: TenantCore, entity: EntityState, window: OpenWindow, event: Event, reader: TallyReader): number {
  if (actDayOf(entity) !== Math.floor(window.start / DAY_MS)) return 0;
  const { object, change, context } = reader;
  if (object === 0 && change < 0 && reader.purpose === 0 && context === 0) return 0;
  let grown = 0;
  const day = (window.tally ??= new TallyDay());
  if (object !== 0) {
    const looks = day.touch(object, event.time, reader.isCall);
    if (looks > 0 && (looks === 1 || !isShared(tenant, entity, object)) && note(tenant, entity, window, LOOKS, reader.looks, looks, object)) {
      grown |= 1 << BEHAVIOUR_OF_TALLY[LOOKS]!;
      tenant.names.remember(RESOURCE, object, () => reader.objectName);
    }
  }
  if (change >= 0) {
    tenant.names.remember(ACT_NAMES, reader.changeHash, () => actWords(event));
    if (note(tenant, entity, window, change, reader.changeHash, 0, 0)) grown |= 1 << BEHAVIOUR_OF_TALLY[change]!;
  }
  if (reader.purpose !== 0) {
    tenant.names.remember(ACT_NAMES, reader.purpose, () => reader.purposeName);
    if (note(tenant, entity, window, PURPOSES, reader.purpose, 0, 0)) grown |= 1 << BEHAVIOUR_OF_TALLY[PURPOSES]!;
  }
  if (context !== 0 && day.actFrom(context, event.time) && note(tenant, entity, window, SWITCHES, SWITCHES_HASH, day.switches, 0)) grown |= 1 << BEHAVIOUR_OF_TALLY[SWITCHES]!;
  return grown;
}

function isShared(tenant: TenantCore, entity: EntityState, object: number): boolean {
  const { node } = tenant.population.view(entity.node);
  return node.adopters(RESOURCE, object) >= Math.max(SHARED_MIN, SHARED_SHARE * node.entities);
}

/** `count`: what the tally stands at; 0: one more than before. */
function note(tenant: TenantCore, entity: EntityState, window: OpenWindow, tally: number, hash: number, count: number, object: number): boolean {
  const slot = tallySlot(entity, hash);
  if (slot < 0) return false;
  const value = raiseCount(entity, slot, count);
  // One more on a day with many is looked at now and then, one on a day with few not at all.
  if (value === 0 || !window.scored || (value > 1 ? !isMany(entity, slot, value) : tally === LOOKS)) return false;
  predictAct(tenant, entity, slot, prediction);
  const logP = prediction.presence + countLogP(prediction, value);
  const before = scoreOfTallies(window.tally!, BEHAVIOUR_OF_TALLY[tally]!);
  const slow = slowDecades(prediction, value);
  const today = -logP / LN_10;
  return window.tally!.put(tally, { decades: Math.max(today, slow), hash, count: value, object, slow: slow > today }) && scoreOfTallies(window.tally!, BEHAVIOUR_OF_TALLY[tally]!) > before;
}

/** Evidence of the days before and this one, that there is more of it than there was. */
function slowDecades(predicted: ActPrediction, value: number): number {
  const p = Math.exp(predicted.presence);
  if (p === 1) return Math.log10(Math.max(1, addEvidence(predicted.slow, countEvidence(countLogP(predicted, value)))));
  return p >= HABIT || predicted.slow <= 0 ? 0 : Math.log10(Math.max(1, addEvidence(predicted.slow, presentEvidence(p, countLogP(predicted, value)))));
}

/** Decades that a tally would say at another count today (0: none today). */
export function decadesAt(tenant: TenantCore, entity: EntityState, hash: number, count: number): number {
  const slot = knownTallySlot(entity, hash);
  if (slot < 0 || count <= 0) return 0;
  predictAct(tenant, entity, slot, prediction);
  return Math.max(-(prediction.presence + countLogP(prediction, count)) / LN_10, slowDecades(prediction, count));
}

/** How often it is on a day with it, as it is expected: 1 + the mean beyond; 0 where the entity is not known to do it at all. */
export function usualCount(tenant: TenantCore, entity: EntityState, hash: number): number {
  const slot = knownTallySlot(entity, hash);
  if (slot < 0 || !isKnownSlot(entity, slot)) return 0;
  predictAct(tenant, entity, slot, prediction);
  return 1 + prediction.countMean;
}

/** The score of a behaviour's tallies: the sum of what each says beyond what is in every day. Not a p itself: the ranks of such scores make it one. */
export function scoreOfTallies({ pieces }: TallyDay, behaviour: number, without: readonly number[] = NONE): number {
  let score = 0;
  for (let tally = 0; tally < TALLY_COUNT; tally += 1) {
    const piece = pieces[tally];
    if (piece === null || piece === undefined || BEHAVIOUR_OF_TALLY[tally] !== behaviour || without.includes(tally)) continue;
    score += Math.max(0, piece.decades - USUAL_DECADES);
  }
  return score;
}
const NONE: readonly number[] = [];

const TALLIED: readonly boolean[] = BEHAVIOURS.map((_, behaviour) => BEHAVIOUR_OF_TALLY.includes(behaviour));
/** It is judged by tallies. */
export const isTallied = (behaviour: number): boolean => TALLIED[behaviour]!;
