import type { PGlite } from '@electric-sql/pglite';
import { CompiledQuery, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler, createQueryId, type DatabaseConnection, type DatabaseIntrospector, type Dialect, type DialectAdapter, type Driver, type Kysely, type QueryCompiler, type QueryResult, type RootOperationNode, type TransactionSettings } from 'kysely';

/**
 * Kysely over the PostgreSQL that runs in this process. PGlite has exactly one session, so whoever holds the connection is alone:
 * single queries wait for a transaction to end, and a transaction waits for the queries before it.
 */
export class PGliteDialect implements Dialect {
  constructor(private readonly engine: PGlite) {}

  createDriver(): Driver {
    return new PGliteDriver(this.engine);
  }
  createQueryCompiler(): QueryCompiler {
    return new PostgresQueryCompiler();
  }
  createAdapter(): DialectAdapter {
    return new PostgresAdapter();
  }
  // Kysely's own signature: the introspector works over any database.
  createIntrospector(db: Kysely<any>): DatabaseIntrospector {
    return new PostgresIntrospector(db);
  }
}

type Compile = (node: RootOperationNode, queryId: ReturnType<typeof createQueryId>) => CompiledQuery;

class PGliteDriver implements Driver {
  private readonly connection: PGliteConnection;
  private readonly waiting: Array<() => void> = [];
  private taken = false;
  private closed = false;

  constructor(private readonly engine: PGlite) {
    this.connection = new PGliteConnection(engine);
  }

  async init(): Promise<void> {
    await this.engine.waitReady;
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    if (this.closed) throw new Error('the embedded PostgreSQL is closed');
    if (this.taken) await new Promise<void>((resolve) => { this.waiting.push(resolve); });
    this.taken = true;
    return this.connection;
  }

  /** Hands the connection to the longest waiting; `taken` stays true in between, so that nobody slips in. */
  async releaseConnection(): Promise<void> {
    const next = this.waiting.shift();
    if (next !== undefined) next();
    else this.taken = false;
  }

  async beginTransaction(connection: DatabaseConnection, { isolationLevel, accessMode }: TransactionSettings): Promise<void> {
    const modes = [isolationLevel === undefined ? '' : `isolation level ${isolationLevel}`, accessMode ?? ''].filter((mode) => mode !== '');
    await connection.executeQuery(CompiledQuery.raw(`begin ${modes.join(' ')}`.trim()));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }
  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback'));
  }
  async savepoint(connection: DatabaseConnection, name: string): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(`savepoint ${quoted(name)}`));
  }
  async rollbackToSavepoint(connection: DatabaseConnection, name: string, _compile: Compile): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(`rollback to ${quoted(name)}`));
  }
  async releaseSavepoint(connection: DatabaseConnection, name: string, _compile: Compile): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(`release ${quoted(name)}`));
  }

  /** Waits for the holder; the engine itself is closed by whoever opened it. */
  async destroy(): Promise<void> {
    if (this.closed) return;
    await this.acquireConnection();
    this.closed = true;
    await this.releaseConnection();
  }
}

class PGliteConnection implements DatabaseConnection {
  constructor(private readonly engine: PGlite) {}

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, affectedRows } = await this.engine.query<R>(sql, [...parameters]);
    return affectedRows === undefined ? { rows } : { rows, numAffectedRows: BigInt(affectedRows) };
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    yield await this.executeQuery<R>(query);
  }
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
