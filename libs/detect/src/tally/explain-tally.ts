import type { Finding } from '@wary/model/finding.js';
import type { Core, TenantCore } from '../core.js';
import type { EntityState } from '../entity-state.js';
import type { Evidence } from '../evidence-item.js';
import { RESOURCE, WINDOWS } from '../features.js';
import type { OpenWindow } from '../open-window.js';
import type { ActStats } from '../population-node.js';
import { ACT_NAMES } from '../value-names.js';
import { entityWords, numberWords, spanWords, thisEntity } from '../words.js';
import { BEHAVIOUR_OF_TALLY, decadesAt, scoreOfTallies, USUAL_DECADES, usualCount } from './note-tallies.js';
import { LOOKS, PURPOSES, SWITCHES, TALLIES, TALLY_COUNT, TALLY_LABELS } from './tallies.js';
import type { TallyPiece } from './tally-day.js';

const times = (count: number): string => (count === 1 ? 'once' : count === 2 ? 'twice' : `${numberWords(count)} times`);

/** What was counted, in words: the object, or the act. */
const subjectOf = (core: Pick<Core, 'names'>, tally: number, { hash, object }: TallyPiece): string =>
  tally === LOOKS ? core.names.nameOf(RESOURCE, object) : tally === SWITCHES ? 'another place and back' : core.names.nameOf(ACT_NAMES, hash);

function observedOf(core: Pick<Core, 'names'>, tally: number, piece: TallyPiece): string {
  const subject = subjectOf(core, tally, piece);
  const often = times(piece.count);
  return piece.slow ? `${subject}, ${often}, on more and more days` : `${subject}, ${often}`;
}

/** One piece of evidence for each tally that says something. */
export function tallyEvidence(core: Pick<Core, 'names'>, { tally: day, kind }: OpenWindow): Evidence[] {
  const all: Evidence[] = [];
  for (let tally = 0; day !== null && tally < TALLY_COUNT; tally += 1) {
    const piece = day.pieces[tally];
    if (piece === null || piece === undefined) continue;
    const id = TALLIES[tally]!;
    all.push({
      behaviour: BEHAVIOUR_OF_TALLY[tally]!, feature: -1, category: -1, hash: piece.hash, id: `${id}.${WINDOWS[kind]!.id}`, label: TALLY_LABELS[id], observed: observedOf(core, tally, piece),
      expected: piece.slow ? 'on no more days than before' : 'not so often', decades: piece.decades,
    });
  }
  return all;
}

/** The tally that says most of a behaviour; −1: none says anything. */
export function leadTally({ tally: day }: OpenWindow, behaviour: number): number {
  let lead = -1;
  let most = 0;
  for (let tally = 0; day !== null && tally < TALLY_COUNT; tally += 1) {
    const decades = day.pieces[tally]?.decades ?? 0;
    if (BEHAVIOUR_OF_TALLY[tally] === behaviour && decades > most) { most = decades; lead = tally; }
  }
  return lead;
}

/** Peers do it on one day of a hundred, and the count is within three of their deviations. */
export function isUsualTally({ tally }: OpenWindow, { hash }: Evidence, stats: ActStats | null, peerDays: number): boolean {
  const count = tally?.pieces.find((piece) => piece?.hash === hash)?.count ?? 0;
  if (stats === null || stats.days < 0.01 * peerDays) return false;
  const mean = stats.sum / stats.days;
  return count - 1 <= mean + 3 * Math.sqrt(Math.max(mean, stats.squares / stats.days - mean * mean));
}

export function tallySummary(core: Core, tenant: TenantCore, entity: EntityState, window: OpenWindow, behaviour: number): string {
  const lead = leadTally(window, behaviour);
  const piece = window.tally!.pieces[lead]!;
  const who = entityWords(entity);
  const when = spanWords(window.start, window.end);
  const { node } = tenant.population.view(entity.node);
  const own = usualCount(tenant, entity, piece.hash);
  const stats = node.actStats(piece.hash);
  const peers = stats === null || node.actDays === 0 ? 'its peers never do' : `its peers do so on ${numberWords((100 * stats.days) / node.actDays)} % of their days, then about ${times(Math.max(1, Math.round(1 + stats.sum / stats.days)))}`;
  const slow = piece.slow ? ' It is the days before that count: there are more and more of them.' : '';
  if (lead === SWITCHES) return `${who} was used from two places at once ${when}: ${times(piece.count)} it went to another network, program or device and back within an hour, ${own === 0 ? `which ${thisEntity(entity.type)} is not known to do` : `where about ${numberWords(own)} on a day with any would be usual`}; ${peers}.${slow}`;
  if (lead === LOOKS) {
    return `${who} looked at ${subjectOf(core, lead, piece)} ${when} again and again: ${times(piece.count)}; about ${times(Math.max(1, Math.round(own)))} would be usual for what is looked at most; ${peers}.${slow}`;
  }
  if (lead === PURPOSES) return `${who} used data for ${subjectOf(core, lead, piece)} ${when}, ${times(piece.count)}: ${own === 0 ? `a purpose that ${thisEntity(entity.type)} has not had` : 'a purpose that it hardly ever has'}; ${peers}.${slow}`;
  const all = window.tally!.pieces.flatMap((each, tally) => (each === null || BEHAVIOUR_OF_TALLY[tally] !== behaviour || each.decades < 1 ? [] : [{ tally, each }])).sort((a, b) => b.each.decades - a.each.decades);
  const list = (all.length === 0 ? [{ tally: lead, each: piece }] : all).map(({ tally, each }) => `${subjectOf(core, tally, each)}, ${times(each.count)}`).join('; ');
  return `${who} changed or removed ${when} what ${thisEntity(entity.type)} does not usually touch like this: ${list}. ${own === 0 ? `The first is new to ${thisEntity(entity.type)}` : `Of the first about ${times(Math.max(1, Math.round(own)))} would be usual on a day with any`}; ${peers}.${slow}`;
}

export function tallyTitle(core: Pick<Core, 'names'>, window: OpenWindow, behaviour: number): string {
  const lead = leadTally(window, behaviour);
  const piece = window.tally!.pieces[lead]!;
  if (lead === SWITCHES) return `Used from two places at once: back and forth ${times(piece.count)}`;
  if (lead === PURPOSES) return `A purpose of others: ${subjectOf(core, lead, piece)}, ${times(piece.count)}`;
  return lead === LOOKS ? `One object again and again: ${subjectOf(core, lead, piece)}, ${times(piece.count)}` : `Unusual changes: ${subjectOf(core, lead, piece)}, ${times(piece.count)}`;
}

/** What would have kept it quiet: the strongest tally at a smaller count, by search on what judged it; else without it, then without the next. */
export function fewerTallies(core: Core, tenant: TenantCore, entity: EntityState, window: OpenWindow, behaviour: number, quiet: number): NonNullable<Finding['explanation']['counterfactual']> {
  const day = window.tally!;
  const lead = leadTally(window, behaviour);
  const piece = day.pieces[lead]!;
  const feature = `${TALLIES[lead]!}.${WINDOWS[window.kind]!.id}`;
  const others = scoreOfTallies(day, behaviour, [lead]);
  let count = piece.count;
  while (count > 0 && others + Math.max(0, decadesAt(tenant, entity, piece.hash, count) - USUAL_DECADES) >= quiet) count -= 1;
  if (count > 0 && count < piece.count) return { text: `At ${times(count)} on this day it would have stayed quiet.`, feature, value: count };
  const without: number[] = [];
  const names: string[] = [];
  for (;;) {
    let next = -1;
    for (let tally = 0; tally < TALLY_COUNT; tally += 1) {
      const decades = day.pieces[tally]?.decades ?? 0;
      if (BEHAVIOUR_OF_TALLY[tally] === behaviour && !without.includes(tally) && decades > (next < 0 ? 0 : day.pieces[next]!.decades)) next = tally;
    }
    if (next < 0) break;
    without.push(next);
    names.push(subjectOf(core, next, day.pieces[next]!));
    if (scoreOfTallies(day, behaviour, without) < quiet) break;
  }
  return { text: `Without ${[...new Set(names)].join(' and ')} it would have stayed quiet.`, feature, value: null };
}
