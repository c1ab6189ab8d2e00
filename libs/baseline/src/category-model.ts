/**
 * Categories with mass for what was never seen: the predictive of a Pitman–Yor process (Pitman & Yor 1997), where after n draws of
 * which k opened a new category the next is new with (θ + d·k)/(θ + n), backing off to the peers' distribution (hierarchical
 * Pitman–Yor, Teh 2006): what is new to her is drawn from what her peers have adopted, or is new to them too.
 */
export const CATEGORY_PRIOR = { theta: 1, discount: 0.5 } as const;

/** P(the next draw is a category never seen by this entity), after `draws` of which `opened` were new. */
export const newCategoryMass = (draws: number, opened: number): number =>
  Math.min(1, (CATEGORY_PRIOR.theta + CATEGORY_PRIOR.discount * opened) / (CATEGORY_PRIOR.theta + draws));

/** How many entities took up each category of one kind, kept with the number of categories per count, so that a tail is a short sum. */
export interface AdoptionTable {
  /** Sum of all counts, and number of categories. */
  total: number;
  kinds: number;
  /** `ofCount[k]` categories have k adopters; the last place holds all from there on, which are common enough. */
  readonly ofCount: Int32Array;
}
export const ADOPTION_COUNTS = 64;

/**
 * Among the peers' adoptions: mass of all categories at most as likely as one with `adopters` (Pitman–Yor over adopters).
 * 0 adopters: the mass of the unseen alone.
 */
export function adoptionTail(adopters: number, { total, kinds, ofCount }: AdoptionTable): number {
  const { theta, discount } = CATEGORY_PRIOR;
  const unseen = (theta + discount * kinds) / (theta + total);
  if (adopters <= 0) return Math.min(1, unseen);
  if (adopters >= ADOPTION_COUNTS - 1) return 1;
  let mass = 0;
  for (let count = 1; count <= adopters; count += 1) mass += ofCount[count]! * (count - discount);
  return Math.min(1, unseen + mass / (theta + total));
}

/** Mass of all categories at most as likely as the one with `count`, of a Dirichlet over known categories plus the unseen. */
export function categoryTail(count: number, counts: Iterable<number>, draws: number, opened: number): number {
  const unseen = newCategoryMass(draws, opened);
  if (count <= 0) return unseen;
  let mass = 0;
  let known = 0;
  for (const other of counts) { known += other; if (other <= count) mass += other; }
  return Math.min(1, unseen + (1 - unseen) * (mass / Math.max(known, 1e-12)));
}
