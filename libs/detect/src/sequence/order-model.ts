import { mix32 } from '@wary/model/hash32.js';

/** Before the first act of a day, and after a pause. */
export const START = 1;
/** Counts known under a key, of an entity or of its peers. */
export interface OrderCounts { countOf(key: number): number }

/** What the next level down is worth, in observations: the escape mass is this over what has been seen plus this. */
const ESCAPE_OWN = 2;
const ESCAPE_PEERS = 5;
const ESCAPE_ACTS = 5;
/** Of an act that nobody is known to do: one of so many. */
const NEVER_SEEN = 1 / 64;
/** One step says no more than this, in decades: it takes several. */
const STEP_MAX = 1.5;
const SHARE_MAX = 0.98;
/** Steps after which an act that is new to her is new, whatever her peers do. */
const SETTLED_STEPS = 30;

/** Keys of an act; of an act after another; and after two. Of act 0: how often the context was there at all. Never 0. */
export const actKey = (act: number): number => mix32(act ^ 0x3c6ef372) || 1;
export const pairKey = (before: number, act: number): number => mix32(Math.imul(before, 0x9e3779b1) + act) || 1;
export const tripleKey = (earlier: number, before: number, act: number): number => mix32(pairKey(earlier, before) ^ Math.imul(act, 0x85ebca6b)) || 1;

const mixed = (count: number, of: number, escape: number, below: number): number => (count + escape * below) / (of + escape);

/** How often an entity begins something else with this act, whatever came before: her own share, with that of her peers as its prior. */
export function actShare(own: OrderCounts, peers: OrderCounts, act: number): number {
  const key = actKey(act);
  return mixed(own.countOf(key), own.countOf(actKey(0)), ESCAPE_ACTS, mixed(peers.countOf(key), peers.countOf(actKey(0)), ESCAPE_PEERS, NEVER_SEEN));
}

/** The same when it is known what she did before, which she does not begin anew. */
export const anyOrder = (own: OrderCounts, peers: OrderCounts, before: number, act: number): number => actShare(own, peers, act) / (1 - Math.min(SHARE_MAX, before === START ? 0 : actShare(own, peers, before)));

/**
 * The chance of an act after two others: a variable-order Markov model whose levels lean on each other by their escape mass (prediction by
 * partial matching, Cleary & Witten 1984; as a hierarchical Dirichlet model, MacKay & Peto 1995): two acts back, one back, her peers one back, any order.
 */
export function inOrder(own: OrderCounts, peers: OrderCounts, earlier: number, before: number, act: number): number {
  const any = anyOrder(own, peers, before, act);
  const ofPeers = mixed(peers.countOf(pairKey(before, act)), peers.countOf(pairKey(before, 0)), ESCAPE_PEERS, any);
  const one = mixed(own.countOf(pairKey(before, act)), own.countOf(pairKey(before, 0)), ESCAPE_OWN, ofPeers);
  return mixed(own.countOf(tripleKey(earlier, before, act)), own.countOf(tripleKey(earlier, before, 0)), ESCAPE_OWN, one);
}

/** Whether she is known to do it; in her first steps, whether her peers are. */
const isKnownAct = (own: OrderCounts, peers: OrderCounts, act: number): boolean => own.countOf(actKey(act)) > 0 || (own.countOf(actKey(0)) < SETTLED_STEPS && peers.countOf(actKey(act)) > 0);

/**
 * Decades by which an act speaks for "the same acts in any order" against "in her order". As a ratio of the likelihoods of two predictions made
 * before it, its expectation is at most one while she keeps her order. What she is not known to do says nothing here, for others tell it (nor does that make the
 * expectation larger: in order an act that is new is less likely than in any order, by the escapes).
 */
export const orderDecades = (own: OrderCounts, peers: OrderCounts, earlier: number, before: number, act: number): number =>
  isKnownAct(own, peers, act) ? Math.min(STEP_MAX, Math.log10(anyOrder(own, peers, before, act) / inOrder(own, peers, earlier, before, act))) : 0;
