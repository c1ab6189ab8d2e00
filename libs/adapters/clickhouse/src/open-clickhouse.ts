import type { Cipher } from '@wary/ports/cipher.port.js';
import type { DeadLetterStore } from '@wary/ports/dead-letter-store.port.js';
import type { EventSearch } from '@wary/ports/event-search.port.js';
import type { EntityQueries, EventStore } from '@wary/ports/event-store.port.js';
import type { FindingStore } from '@wary/ports/finding-store.port.js';
import type { StateStore } from '@wary/ports/state-store.port.js';
import { createDeadLetterStore, letterColumns } from './dead-letters/dead-letter-store.js';
import type { Engine } from './engine/engine.js';
import { openEngine } from './engine/open-engine.js';
import { createEntityQueries } from './events/entity-queries.js';
import { EventColumns } from './events/event-columns.js';
import { createEventStore } from './events/event-store.js';
import { EventWriter } from './events/event-writer.js';
import { dropStaleCopies } from './events/read-in-order.js';
import { FindingColumns } from './findings/finding-columns.js';
import { createFindingStore } from './findings/finding-store.js';
import { MIGRATIONS } from './migrations/all-migrations.js';
import { listMigrations, migrate, type MigrationStatus } from './migrations/migrate.js';
import { stageTable } from './records/stage-table.js';
import { applyPolicy } from './schema/apply-policy.js';
import { assertColumns, assertIdempotentInserts } from './schema/assert-schema.js';
import { createSnapshotStore, SnapshotColumns } from './snapshots/snapshot-store.js';

export interface ClickHouseHandle {
  readonly events: EventStore & EntityQueries;
  /** For rules over history. */
  readonly search: EventSearch;
  readonly findings: FindingStore;
  readonly deadLetters: DeadLetterStore;
  readonly snapshots: StateStore;
  /** Rejects with `store_unavailable` when no query is answered. */
  ping(): Promise<void>;
  /** Waits for what is running. Calls that come later reject with `store_unavailable`. */
  close(): Promise<void>;
  /** Rows as they lie (copies that are not merged yet included) and the bytes of all tables. */
  stats(): Promise<{ rows: number; bytesOnDisk: number }>;
}

export interface ClickHouseOptions {
  /** A server (`https://user:password@host:8443/database`); unset: the engine in this process with its data in `<dataDir>/clickhouse`. */
  readonly url?: string;
  readonly dataDir: string;
  readonly cipher: Cipher;
  readonly retentionDays: number;
  readonly contentRetentionDays: number;
  /** Every insert survives a power loss, not only the death of the process. */
  readonly fsync: boolean;
  readonly now: () => number;
  readonly log?: (level: 'info' | 'warn' | 'error', message: string, detail?: object) => void;
}

/** The engine's own limit, `max_partitions_per_insert_block`, unless the server allows less. */
const PARTITIONS_MAX = 100;

/** Opens, migrates, applies retention, and checks that inserts are idempotent and columns are what is written, before anything is taken. */
export async function openClickHouse(options: ClickHouseOptions): Promise<ClickHouseHandle> {
  const { now, log = () => {} } = options;
  const engine = await openEngine(options);
  try {
    const ran = await migrate(engine, MIGRATIONS, now);
    if (ran.length > 0) log('info', 'clickhouse.migrations.applied', { numbers: ran });
    await applyPolicy(engine, options);
    await dropStaleCopies(engine);
    await assertIdempotentInserts(engine, now());
    await assertColumns(engine, 'events', new EventColumns().columns);
    await assertColumns(engine, 'findings', new FindingColumns().columns);
    await assertColumns(engine, 'dead_letters', letterColumns());
    await assertColumns(engine, 'snapshots', new SnapshotColumns().all);
    return handleOf(engine, options, await partitionsMax(engine));
  } catch (error) {
    await engine.close();
    throw error;
  }
}

/** What is applied and what a start would run, without running it. (A database that is missing is created, empty.) */
export async function listClickHouseMigrations(options: Pick<ClickHouseOptions, 'url' | 'dataDir'>): Promise<MigrationStatus[]> {
  const engine = await openEngine(options);
  try {
    return await listMigrations(engine, MIGRATIONS);
  } finally {
    await engine.close();
  }
}

function handleOf(engine: Engine, { cipher, now }: ClickHouseOptions, partitions: number): ClickHouseHandle {
  return {
    events: { ...createEventStore(engine, new EventWriter(engine, partitions)), ...createEntityQueries(engine, now) },
    search: { table: engine.table('events'), rows: (sql) => engine.rows(sql), stage: (select) => stageTable(engine, select) },
    findings: createFindingStore(engine, partitions),
    deadLetters: createDeadLetterStore(engine, cipher, partitions),
    snapshots: createSnapshotStore(engine),
    ping: () => engine.ping(),
    close: () => engine.close(),
    async stats() {
      const [row] = await engine.rows<[number | string, number | string]>("SELECT sumIf(rows, table = 'events'), sum(bytes_on_disk) FROM system.parts WHERE database = {database:String} AND active", { database: engine.database });
      return { rows: Number(row?.[0] ?? 0), bytesOnDisk: Number(row?.[1] ?? 0) };
    },
  };
}

async function partitionsMax(engine: Engine): Promise<number> {
  const limit = Number((await engine.writeSettings(['max_partitions_per_insert_block'])).get('max_partitions_per_insert_block') ?? PARTITIONS_MAX);
  // 0 is no limit; ours bounds what one insert opens all the same.
  return limit > 0 ? Math.min(limit, PARTITIONS_MAX) : PARTITIONS_MAX;
}
