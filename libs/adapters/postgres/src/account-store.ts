import type { AccountStore } from '@wary/ports/account-store.port.js';
import type { Kysely } from 'kysely';
import { apiKeyQueries } from './api-key-queries.js';
import type { Database } from './database.js';
import { secondFactorQueries } from './second-factor-queries.js';
import { sessionQueries } from './session-queries.js';
import { userQueries } from './user-queries.js';

export const createAccountStore = (db: Kysely<Database>): AccountStore => ({ ...userQueries(db), ...sessionQueries(db), ...apiKeyQueries(db), ...secondFactorQueries(db) });
