import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createClient } from '@clickhouse/client';
import { Session } from 'chdb';
import { createChdbConnection } from 'chdb/connection';
import type { BenchSide } from './path-round.js';

const TABLE = `CREATE TABLE bench.events (
  id String, time DateTime64(3), kind LowCardinality(String), actor Tuple(id String, type LowCardinality(String), \`group\` LowCardinality(String), session String),
  source Tuple(ip String, country LowCardinality(String), asn UInt32, user_agent String), action LowCardinality(String), outcome LowCardinality(String),
  resource Tuple(id String, type LowCardinality(String), labels Array(LowCardinality(String))), purpose LowCardinality(String), bytes UInt64, rows UInt64, latency_ms UInt32, cost Float64,
  gen_ai Tuple(\`provider.name\` LowCardinality(String), \`request.model\` LowCardinality(String), \`response.model\` LowCardinality(String), \`usage.input_tokens\` UInt32, \`usage.output_tokens\` UInt32, \`conversation.id\` String, \`input.messages\` String, \`output.messages\` String)
) ENGINE = MergeTree ORDER BY (time, id)`;

/** What a user would do without us: the official client, one table of the same columns, a plain JSONEachRow insert of the same bytes. */
export async function runStock(dataDir: string): Promise<BenchSide> {
  const folder = join(dataDir, 'stock');
  mkdirSync(folder, { recursive: true });
  const session = new Session(folder);
  // chDB's connection is typed against another copy of the same contract.
  const connection = createChdbConnection({ path: folder }) as unknown as NonNullable<Parameters<typeof createClient>[0]>['connection'];
  const client = createClient({ connection });
  for (const setting of ["date_time_input_format = 'best_effort'", 'async_insert = 0', 'input_format_json_read_arrays_as_strings = 1', 'input_format_json_defaults_for_missing_elements_in_named_tuple = 1']) await client.command({ query: `SET ${setting}` });
  await client.command({ query: 'CREATE DATABASE IF NOT EXISTS bench' });
  await client.command({ query: TABLE });
  return {
    async send(bodies) {
      for (const body of bodies) {
        // The bytes as they are: `client.insert` would want objects, and print them again.
        const { stream } = await client.exec({ query: 'INSERT INTO bench.events FORMAT JSONEachRow', values: Readable.from([body], { objectMode: false }) });
        stream.resume();
      }
    },
    async close() {
      const answer = await client.query({ query: 'SELECT count() FROM bench.events', format: 'JSONCompactEachRow' });
      if (Number(JSON.parse(await answer.text())[0]) === 0) throw new Error('the stock client stored nothing');
      await client.close();
      session.close();
    },
  };
}
