import { createHash } from 'node:crypto';

/**
 * One step of the schema, forward only and never changed once released: the checksum of what was applied is recorded, and another
 * one stops the start. Statements must bear being run again, because a crash may fall between them and the record.
 * `$db` is the database, `$engine(…)` a table engine, which a replicated installation renders differently.
 */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly statements: readonly string[];
  /** The version before works on with it, because it only adds what that one need not know: so a roll-out may be half done, or taken back. */
  readonly keepsFormer?: boolean;
}

/** Of the text as written, so that where it runs makes no difference. */
export const migrationChecksum = ({ statements }: Migration): string => createHash('sha256').update(statements.join('\n;\n')).digest('hex');

export const renderStatement = (statement: string, database: string): string =>
  statement.replaceAll('$db', database).replaceAll(/\$engine\(([^)]*)\)/g, (_, engine: string) => (engine.includes('|') ? engine.replace('|', '(') + ')' : engine));
