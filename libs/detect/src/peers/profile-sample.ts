import { sampleRank, type BehaviourProfile } from './behaviour-profile.js';

/** Profiles kept of each kind of entity: those whose ids come first by their hash, so that it does not matter who saw them, or when. */
export const SAMPLE_MAX = 384;
/** Who has had no day for so long is no peer any more. */
const SAMPLE_DAYS = 14;

/** Latest profiles by kind and id. Lowest ranks: a sample that can be put together from samples of parts. */
export class ProfileSample {
  private byKind = new Map<number, Map<string, BehaviourProfile>>();

  get isEmpty(): boolean {
    return this.byKind.size === 0;
  }

  get kinds(): number[] {
    return [...this.byKind.keys()].sort((a, b) => a - b);
  }

  add(profile: BehaviourProfile): void {
    let all = this.byKind.get(profile.kind);
    if (all === undefined) this.byKind.set(profile.kind, (all = new Map()));
    all.set(profile.id, profile);
    if (all.size >= 2 * SAMPLE_MAX) this.prune(profile.kind);
  }

  /** In the order of their ranks, at most as many as are kept. */
  of(kind: number): BehaviourProfile[] {
    this.prune(kind);
    return ranked(this.byKind.get(kind));
  }

  /** The rank from which on nobody is kept. */
  endRank(kind: number): number {
    const all = this.of(kind);
    return all.length < SAMPLE_MAX ? Number.POSITIVE_INFINITY : sampleRank(kind, all.at(-1)!.id);
  }

  /** Leaves out who had no day lately. */
  forget(day: number): void {
    for (const [kind, all] of this.byKind) {
      for (const [id, profile] of all) if (profile.day < day - SAMPLE_DAYS) all.delete(id);
      if (all.size === 0) this.byKind.delete(kind);
    }
  }

  private prune(kind: number): void {
    const all = this.byKind.get(kind);
    if (all === undefined || all.size <= SAMPLE_MAX) return;
    this.byKind.set(kind, new Map(ranked(all).slice(0, SAMPLE_MAX).map((profile) => [profile.id, profile])));
  }

  /** All of them, in an order of their own. */
  list(): BehaviourProfile[] {
    return this.kinds.flatMap((kind) => this.of(kind));
  }

  dump(): unknown {
    return this.list();
  }

  load(state: unknown): void {
    this.byKind = new Map();
    for (const profile of state as BehaviourProfile[]) this.add(profile);
  }
}

const ranked = (all: ReadonlyMap<string, BehaviourProfile> | undefined): BehaviourProfile[] =>
  all === undefined ? [] : [...all.values()].map((profile) => ({ profile, rank: sampleRank(profile.kind, profile.id) })).sort((a, b) => a.rank - b.rank || (a.profile.id < b.profile.id ? -1 : 1)).map(({ profile }) => profile);
