import type { EntityState } from '../entity-state.js';

/** Whom an entity is held against: the group that is declared for it, who behaves as it does, or the declared group where there is one and else who behaves alike. */
export const PEER_MODES = ['declared', 'behaviour', 'both'] as const;
export type PeerMode = (typeof PEER_MODES)[number];
export const DEFAULT_PEER_MODE: PeerMode = 'both';

/** Key under which a tenant's settings say it, and the number (a place in `PEER_MODES`) that does. */
export const PEER_SETTING = 'peer_groups';
export const PEER_SETTING_MODE = 'mode';

export function peerModeFrom(settings: Readonly<Record<string, { readonly thresholds: Readonly<Record<string, number>> } | undefined>>): PeerMode {
  return PEER_MODES[settings[PEER_SETTING]?.thresholds[PEER_SETTING_MODE] ?? -1] ?? DEFAULT_PEER_MODE;
}

const BEHAVIOUR = 'behaviour:';
/** Name of a behaviour group, as it stands where a declared one would. */
export const behaviourGroup = (id: number): string => `${BEHAVIOUR}${id}`;
export const isBehaviourGroup = (group: string): boolean => group.startsWith(BEHAVIOUR);

export const isDeclared = ({ type, group }: Pick<EntityState, 'type' | 'group'>): boolean => group !== '' && group !== `type:${type}`;
/** Whether a behaviour group counts for it, should it have one. */
export const goesByBehaviour = (mode: PeerMode, entity: Pick<EntityState, 'type' | 'group'>): boolean => mode === 'behaviour' || (mode === 'both' && !isDeclared(entity));
