import { randomUUID } from 'node:crypto';
import type { Engine } from '../engine/engine.js';

export interface StagedTable { readonly name: string; drop(): Promise<void> }

export const STAGED_PREFIX = 'staged_';
export const RECORDS_PREFIX = 'records_';

/** What a SELECT gives, kept in memory under a name nobody else has, until the caller drops it (or, after a crash, the next start). */
export async function stageTable(engine: Engine, select: string): Promise<StagedTable> {
  const name = engine.table(`${STAGED_PREFIX}${randomUUID().replaceAll('-', '')}`);
  await engine.command(`CREATE TABLE ${name} ENGINE = Memory AS ${select}`);
  return { name, drop: () => engine.command(`DROP TABLE IF EXISTS ${name} SYNC`) };
}
