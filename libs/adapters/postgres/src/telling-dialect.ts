import { PostgresDialect, type CompiledQuery, type DatabaseConnection, type Driver, type QueryResult, type TransactionSettings } from 'kysely';
import { asUnavailable } from './in-transaction.js';

/** A server that is away is `store_unavailable` for whoever asks it anything, whichever store that is: callers wait and try again, HTTP answers 503. */
export class TellingPostgresDialect extends PostgresDialect {
  override createDriver(): Driver {
    return new TellingDriver(super.createDriver());
  }
}

class TellingDriver implements Driver {
  constructor(private readonly inner: Driver) {}

  init(): Promise<void> { return this.inner.init(); }
  destroy(): Promise<void> { return this.inner.destroy(); }
  async acquireConnection(): Promise<DatabaseConnection> { return new TellingConnection(await told(this.inner.acquireConnection())); }
  releaseConnection(connection: DatabaseConnection): Promise<void> { return this.inner.releaseConnection(innerOf(connection)); }
  beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> { return told(this.inner.beginTransaction(innerOf(connection), settings)); }
  commitTransaction(connection: DatabaseConnection): Promise<void> { return told(this.inner.commitTransaction(innerOf(connection))); }
  rollbackTransaction(connection: DatabaseConnection): Promise<void> { return told(this.inner.rollbackTransaction(innerOf(connection))); }
}

class TellingConnection implements DatabaseConnection {
  constructor(readonly inner: DatabaseConnection) {}

  executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> { return told(this.inner.executeQuery<R>(query)); }
  streamQuery<R>(query: CompiledQuery, chunkSize?: number): AsyncIterableIterator<QueryResult<R>> { return this.inner.streamQuery(query, chunkSize); }
}
const innerOf = (connection: DatabaseConnection): DatabaseConnection => (connection as TellingConnection).inner;

async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw asUnavailable(error);
  }
}
