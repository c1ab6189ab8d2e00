/** Bounds of the engine's memory, each with its unit in its name; what is beyond is counted in `Engine.stats`. */
export interface EngineLimits {
  /** Entities with exact state, over all shards of a tenant. Beyond, the newcomers that are idle longest are compacted first. */
  readonly hotEntitiesMax: number;
  /** Entities that begin in an hour and stay exact, over all shards of a tenant. Beyond, newcomers that are idle longest are compacted, one for each that comes: a flood of names nobody has heard of takes no more room than this. */
  readonly newEntitiesPerHourMax: number;
  /** Of the hot entities of all tenants those whose numbers lie ready; the others are at rest in a third of the memory, and are woken when they are looked at. */
  readonly awakeEntitiesMax: number;
  /** Compacted entities kept. Beyond, the ones compacted first are forgotten. */
  readonly coldEntitiesMax: number;
  /** Event ids remembered, so that a resend is neither scored nor learned. */
  readonly recentIdsMax: number;
  /** Tenants with state of their own. */
  readonly tenantsMax: number;
  /** Peer groups by kind of entity; beyond, an entity leans on its kind alone. */
  readonly peerGroupsMax: number;
  /** Increments a shard may add to the population in one event-time hour. */
  readonly shardHourRecordsMax: number;
  /** Categories of one kind whose adopters a peer group knows. */
  readonly adoptionsPerCategoryMax: number;
  /** Sorts of acts a peer group knows. */
  readonly actsPerGroupMax: number;
  /** Acts, pairs and triples of acts whose order a peer group knows. */
  readonly ordersPerGroupMax: number;
  /** Names of category values kept for people to read. */
  readonly valueNamesMax: number;
  /** Windows under suspicion that wait to be learned, per entity. */
  readonly suspendedWindowsMax: number;
  /** Lines of `dayScores` kept for the next call. */
  readonly dayScoresMax: number;
}

export const DEFAULT_ENGINE_LIMITS: EngineLimits = {
  hotEntitiesMax: 131_072,
  newEntitiesPerHourMax: 32_768,
  awakeEntitiesMax: 8_192,
  coldEntitiesMax: 1_048_576,
  recentIdsMax: 32_768,
  tenantsMax: 1_000,
  peerGroupsMax: 4_000,
  shardHourRecordsMax: 262_144,
  adoptionsPerCategoryMax: 4_096,
  actsPerGroupMax: 512,
  ordersPerGroupMax: 4_096,
  valueNamesMax: 65_536,
  suspendedWindowsMax: 24,
  dayScoresMax: 200_000,
};

/** An event this much older than the principal's newest one no longer opens or finds a window of the present. */
export const LATE_AFTER_MS = 15 * 60_000;
/** Windows of a principal that fell silent close this many event-time hours after their end. */
export const IDLE_CLOSE_HOURS = 24;
/** Hour h is judged with the population as it was at the end of hour h − 2. */
export const POPULATION_LAG_HOURS = 2;
/**
 * Of a gap between events so many hours at its beginning and at its end are gone through one by one. Ten days: by then everything that falls
 * silent is closed (two days and an hour), and no plan of a day is older.
 */
export const CLOCK_STEPS_MAX = 240;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;
