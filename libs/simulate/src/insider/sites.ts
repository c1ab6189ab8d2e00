import type { Dice } from '../dice.js';

export type SiteCategory = 'news' | 'reference' | 'shopping' | 'social' | 'sports' | 'travel' | 'finance' | 'technology' | 'business' | 'streaming' | 'job_search' | 'file_sharing' | 'security_tools' | 'uncategorised';

/** How many hosts a category has, and how much of ordinary browsing falls to it. */
const CATEGORIES: readonly (readonly [SiteCategory, hosts: number, weight: number])[] = [
  ['news', 60, 16], ['reference', 50, 14], ['business', 120, 22], ['technology', 80, 12], ['shopping', 60, 9], ['social', 14, 9], ['sports', 30, 5], ['travel', 40, 4], ['finance', 30, 5], ['streaming', 16, 3],
  ['job_search', 14, 0.25], ['file_sharing', 12, 0.5], ['security_tools', 14, 0.06], ['uncategorised', 400, 1.2],
];
const WEIGHTS = CATEGORIES.map(([category, , weight]) => [category, weight] as const);
const HOSTS: ReadonlyMap<SiteCategory, number> = new Map(CATEGORIES.map(([category, hosts]) => [category, hosts]));

/** A site of a category, the popular ones far more often. Names are under `.example`, which nobody owns (RFC 2606). */
export const siteOf = (category: SiteCategory, dice: Dice): string => `${category.replaceAll('_', '-')}-${dice.zipf(HOSTS.get(category)!, 1.3) + 1}.example`;

export const ordinaryCategory = (dice: Dice): SiteCategory => dice.weighted(WEIGHTS);
