import type { EntityState } from './entity-state.js';

/** Who can put an entity to rest. */
export interface Bed { rest(entity: EntityState): void }

/**
 * The entities that are awake, over all tenants. When there is no room for another, the hand goes round, and the first that was not looked at since
 * it went by is put to rest (the clock algorithm; Corbató, A paging experiment with the Multics system, 1968). Who rests is as it was, so
 * no answer depends on who does.
 */
export class AwakeRing {
  private readonly entities: EntityState[] = [];
  private readonly beds: Bed[] = [];
  private hand = 0;
  private readonly entitiesMax: number;

  constructor(entitiesMax: number) {
    this.entitiesMax = Math.max(1, entitiesMax);
  }

  get size(): number {
    return this.entities.length;
  }

  add(entity: EntityState, bed: Bed): void {
    const { entities, beds } = this;
    if (entities.length < this.entitiesMax) {
      entity.place = entities.push(entity) - 1;
      beds.push(bed);
      return;
    }
    if (this.hand >= entities.length) this.hand = 0;
    while (entities[this.hand]!.isRecent) {
      entities[this.hand]!.isRecent = false;
      this.hand = this.hand + 1 < entities.length ? this.hand + 1 : 0;
    }
    const { hand } = this;
    beds[hand]!.rest(entities[hand]!);
    entity.place = hand;
    entities[hand] = entity;
    beds[hand] = bed;
    this.hand = hand + 1;
  }

  /** It is gone without having been put to rest here. */
  remove({ place }: EntityState): void {
    const { entities, beds } = this;
    const last = entities.pop()!;
    const bed = beds.pop()!;
    if (place === entities.length) return;
    last.place = place;
    entities[place] = last;
    beds[place] = bed;
  }
}
