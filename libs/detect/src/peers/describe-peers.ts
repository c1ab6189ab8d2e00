import type { Core } from '../core.js';
import { DAY_MS } from '../engine-limits.js';
import type { EntityState } from '../entity-state.js';
import { CATEGORIES, CATEGORY_LABELS } from '../features.js';
import { NODE_OF_KIND } from '../population.js';
import type { TenantState } from '../tenant-state.js';
import { ACT_NAMES } from '../value-names.js';
import { keyHash, keyPlace, PROFILE_ONE, PROFILE_VOLUME_LABELS, type BehaviourProfile } from './behaviour-profile.js';
import { nearestGroup } from './cluster-peers.js';
import { peerGroupOf } from './join-peers.js';
import { isBehaviourGroup, isDeclared } from './peer-mode.js';
import { profileOf } from './profile-of.js';
import { dimsOf, distanceOf, likeness, place } from './peer-space.js';
import { shownGroup } from './shown-group.js';

const REASONS_MAX = 8;
const NEAREST_MAX = 8;
/** A thing tells a group apart when its members do it on so many more of their days (as a share) than their kind. */
const REASON_SHARE_MIN = 0.1;
/** An amount does when the group's mean lies so many deviations from that of the kind. */
const AMOUNT_SDS_MIN = 0.75;

/** Who an entity is held against, and why these. Shares are of days (0 to 1). */
export interface EntityPeers {
  readonly source: 'declared' | 'behaviour' | 'kind';
  readonly group: string;
  /** When a behaviour group was found (epoch ms). */
  readonly since: number | null;
  /** Of a behaviour group those drawn into the sample, and how large that is. */
  readonly members: number;
  readonly drawn: number | null;
  /** What this entity has in common with its group, and what tells the group from its kind, clearest first. */
  readonly reasons: ReadonlyArray<{ readonly label: string; readonly own: number; readonly group: number; readonly kind: number }>;
  /** Amounts a day in which the group differs from its kind. */
  readonly amounts: ReadonlyArray<{ readonly label: string; readonly own: number; readonly group: number; readonly kind: number }>;
  /** Those drawn who are most alike: 1 the same, 0 nothing in common. */
  readonly nearest: ReadonlyArray<{ readonly id: string; readonly likeness: number }>;
}

export function describePeers({ names }: Core, { population }: TenantState, entity: EntityState): EntityPeers {
  const { node } = population.view(entity.node);
  const group = shownGroup(population, entity);
  const isByBehaviour = isBehaviourGroup(group);
  const plain: EntityPeers = { source: isByBehaviour ? 'behaviour' : isDeclared(entity) ? 'declared' : 'kind', group, since: null, members: node.entities, drawn: null, reasons: [], amounts: [], nearest: [] };
  const kind = NODE_OF_KIND[entity.type];
  const groups = population.peerGroups(kind);
  const known = groups?.groups.find(({ id }) => id === peerGroupOf(entity));
  const own = profileOf(entity, entity.learnedDay);
  if (!isByBehaviour || groups === null || known === undefined || own === null) return plain;
  const all = population.profiles.of(kind);
  const members = all.filter((profile) => profile.id !== entity.id && nearestGroup(groups, profile)?.id === known.id);
  if (members.length === 0) return plain;
  const reasons = [...own.keys].map((key, at) => ({ label: labelOf(key, names.nameOf(keyPlace(key), keyHash(key))), own: own.weights[at]! / PROFILE_ONE, group: shareOf(members, key), kind: shareOf(all, key) }))
    .filter((reason) => reason.group - reason.kind >= REASON_SHARE_MIN).sort((a, b) => b.group - b.kind - (a.group - a.kind) || (a.label < b.label ? -1 : 1));
  const { space } = groups;
  const amounts = PROFILE_VOLUME_LABELS.map((label, at) => ({ label, own: own.volumes[at]!, group: meanOf(members, at), kind: space.volumeMeans[at]! }))
    .filter((amount, at) => Math.abs(amount.group - amount.kind) >= AMOUNT_SDS_MIN * space.volumeDeviations[at]!);
  const here = new Float64Array(dimsOf(space));
  const there = new Float64Array(dimsOf(space));
  place(space, own, here, 0);
  const nearest = members.map((profile) => {
    place(space, profile, there, 0);
    return { id: profile.id, likeness: round(likeness(distanceOf(here, there, 0))) };
  }).sort((a, b) => b.likeness - a.likeness || (a.id < b.id ? -1 : 1));
  return {
    ...plain, since: known.since * DAY_MS, members: known.members, drawn: groups.profiles,
    reasons: reasons.slice(0, REASONS_MAX).map((each) => ({ label: each.label, own: round(each.own), group: round(each.group), kind: round(each.kind) })),
    amounts: amounts.map((each) => ({ label: `${each.label} a day`, own: amount(each.own), group: amount(each.group), kind: amount(each.kind) })), nearest: nearest.slice(0, NEAREST_MAX),
  };
}

const labelOf = (key: number, name: string): string => (keyPlace(key) === ACT_NAMES ? name : `${CATEGORY_LABELS[CATEGORIES[keyPlace(key)]!]} ${name}`);

function shareOf(profiles: readonly BehaviourProfile[], key: number): number {
  let sum = 0;
  for (const { keys, weights } of profiles) {
    const at = keys.indexOf(key);
    if (at >= 0) sum += weights[at]!;
  }
  return sum / PROFILE_ONE / Math.max(1, profiles.length);
}

const meanOf = (profiles: readonly BehaviourProfile[], at: number): number => profiles.reduce((sum, { volumes }) => sum + volumes[at]!, 0) / profiles.length;
const round = (value: number): number => Number(value.toFixed(3));
/** Hundredths of ln(1 + value), back to a value. */
const amount = (logarithm: number): number => Number(Math.expm1(logarithm / 100).toPrecision(3));
