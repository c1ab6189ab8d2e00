/** One unusual thing in a window, as strong as its own p says. */
export interface Evidence {
  readonly behaviour: number;
  /** Index of the numeric feature, or −1. */
  readonly feature: number;
  /** Index of the category, or −1. */
  readonly category: number;
  /** Of the category's value. */
  readonly hash: number;
  readonly id: string;
  readonly label: string;
  readonly observed: number | string;
  readonly expected: string;
  /** −log10 p of it alone. */
  readonly decades: number;
}
