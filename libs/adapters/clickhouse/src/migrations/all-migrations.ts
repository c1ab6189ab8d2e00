import { events } from './0001-events.js';
import { entities } from './0002-entities.js';
import { findings } from './0003-findings.js';
import { deadLetters } from './0004-dead-letters.js';
import { snapshots } from './0005-snapshots.js';
import { insertProbe } from './0006-insert-probe.js';
import type { Migration } from './migration.js';

/** In order. Append only. */
export const MIGRATIONS: readonly Migration[] = [events, entities, findings, deadLetters, snapshots, insertProbe];
