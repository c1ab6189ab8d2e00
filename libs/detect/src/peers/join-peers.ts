import type { TenantCore } from '../core.js';
import { categoryValues } from '../category-memory.js';
import { ENTITY } from '../entity-layout.js';
import type { EntityState } from '../entity-state.js';
import { CATEGORY_COUNT } from '../features.js';
import { SLOT } from '../hour-log.js';
import { NODE_OF_KIND } from '../population.js';
import { sampleRank } from './behaviour-profile.js';
import { nearestGroup, type NearestGroup, type PeerGroups } from './cluster-peers.js';
import { profileOf } from './profile-of.js';
import { behaviourGroup, goesByBehaviour } from './peer-mode.js';

/** Days in a row on which somebody must be nearer to another group before it counts as one of them: nobody gets peers of his choice in a day. */
export const MOVE_DAYS = 5;

/**
 * A day that was learned is over: the entity tells what it does, if it is drawn, and is where it belongs. Days under suspicion never come here, so
 * that whoever is suspected finds no new peers.
 */
export function joinPeers(tenant: TenantCore, entity: EntityState, day: number): void {
  const { population, peerMode } = tenant;
  if (goesByBehaviour(peerMode, entity)) {
    const kind = NODE_OF_KIND[entity.type];
    const profile = profileOf(entity, day);
    if (profile === null) return;
    const groups = population.peerGroups(kind);
    if (sampleRank(kind, entity.id) <= (groups?.endRank ?? Number.POSITIVE_INFINITY)) population.log.addProfile(profile);
    if (groups !== null) choose(entity, groups, nearestGroup(groups, profile, peerGroupOf(entity)));
  }
  settlePeers(tenant, entity);
}

function choose({ chunk, f, b }: EntityState, { groups }: PeerGroups, nearest: NearestGroup | null): void {
  const { u32, u8 } = chunk;
  const now = u32[f + ENTITY.peerGroup]!;
  const isThere = now !== 0 && groups.some(({ id }) => id === now);
  if (nearest === null || !nearest.isWithin || nearest.id === now) {
    // Whose group has gone and who is like nobody has only its kind.
    if (!isThere) u32[f + ENTITY.peerGroup] = 0;
    u32[f + ENTITY.peerCandidate] = 0;
    u8[b + ENTITY.peerCandidateDays] = 0;
    return;
  }
  const days = u32[f + ENTITY.peerCandidate] === nearest.id ? u8[b + ENTITY.peerCandidateDays]! + 1 : 1;
  u32[f + ENTITY.peerCandidate] = nearest.id;
  u8[b + ENTITY.peerCandidateDays] = Math.min(255, days);
  if (isThere && days < MOVE_DAYS) return;
  u32[f + ENTITY.peerGroup] = nearest.id;
  u32[f + ENTITY.peerCandidate] = 0;
  u8[b + ENTITY.peerCandidateDays] = 0;
}

export const peerGroupOf = ({ chunk, f }: EntityState): number => chunk.u32[f + ENTITY.peerGroup]!;

/** Puts an entity among the peers that its group, its behaviour and the tenant's setting give it. Its own history stays; what it taught those it leaves, they keep. */
export function settlePeers({ population, peerMode }: TenantCore, entity: EntityState): void {
  const group = peerGroupOf(entity);
  const byBehaviour = group !== 0 && goesByBehaviour(peerMode, entity);
  const node = population.nodeOf(entity.type, byBehaviour ? behaviourGroup(group) : entity.group);
  if (node === entity.node) return;
  const { log } = population;
  // It is counted among the new peers with its next window.
  if (entity.joined) log.add(entity.shard, entity.node, SLOT.left, 0);
  entity.joined = false;
  entity.node = node;
  if (!byBehaviour || node === NODE_OF_KIND[entity.type]) return;
  // A behaviour group begins without a past: what its members use already is nothing new to it. Their kind has counted it before.
  for (let category = 0; category < CATEGORY_COUNT; category += 1) for (const { hash } of categoryValues(entity, category)) log.adopt(node, CATEGORY_COUNT + category, hash);
}
