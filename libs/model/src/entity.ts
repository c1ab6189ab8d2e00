/** Whose behaviour is tracked. The first five act; the others are acted on or stood in. */
export const ENTITY_TYPES = [
  'user', 'service', 'key', 'agent', 'device', 'session', 'network', 'model', 'resource', 'application', 'peer_group', 'tenant',
] as const;
export type EntityType = (typeof ENTITY_TYPES)[number];

export const ACTOR_TYPES = ['user', 'service', 'key', 'agent', 'device'] as const;
export type ActorType = (typeof ACTOR_TYPES)[number];

export interface Entity {
  readonly type: EntityType;
  readonly id: string;
}

/** `type:id`, the form used in filters (`?entity=user:alice`), keys and links. */
export const entityKey = (entity: Entity): string => `${entity.type}:${entity.id}`;

/** Inverse of `entityKey`; the id may itself hold colons. `null` when the type is unknown or the id empty. */
export function parseEntityKey(text: string): Entity | null {
  const colon = text.indexOf(':');
  if (colon < 1 || colon === text.length - 1) return null;
  const type = text.slice(0, colon);
  if (!(ENTITY_TYPES as readonly string[]).includes(type)) return null;
  return { type: type as EntityType, id: text.slice(colon + 1) };
}
