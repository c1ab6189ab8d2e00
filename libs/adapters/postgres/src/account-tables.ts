import type { Role, Scope } from '@wary/model/permissions.js';
import type { Generated } from 'kysely';
import type { JsonColumn } from './json-column.js';

export interface UsersTable {
  id: string; tenant: string; email: string; name: string; role: Role; disabled: boolean; must_change_password: boolean; password_hash: string;
  version: number; created_at: number; updated_at: number; last_sign_in_at: number | null;
  /** Ciphertext. */
  second_factor_secret: string | null; second_factor_at: number | null; second_factor_step: Generated<number>;
}

export interface RecoveryCodesTable { user_id: string; code_hash: string; used_at: number | null }

/** Only a keyed hash of the token is here: who reads the table cannot sign in with it. */
export interface SessionsTable { id: string; user_id: string; token_hash: string; created_at: number; last_seen_at: number; expires_at: number; ip: string; user_agent: string }

export interface ApiKeysTable {
  id: string; tenant: string; name: string; scopes: JsonColumn<Scope[]>; hint: string; hash: string; previous_hash: string | null; previous_until: number | null;
  version: number; created_at: number; created_by: string; updated_at: number; rotated_at: number | null; expires_at: number | null; revoked_at: number | null; last_used_at: number | null;
}

export interface AccountTables { users: UsersTable; sessions: SessionsTable; api_keys: ApiKeysTable; recovery_codes: RecoveryCodesTable }
