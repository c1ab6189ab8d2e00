import { ROLE_ACTIONS, SCOPE_ACTIONS, type Action, type Role, type Scope } from '@wary/model/permissions.js';

/** Who asks: a signed-in person or an API key, with everything it may do. */
export interface Principal {
  readonly kind: 'user' | 'key';
  readonly id: string;
  /** E-mail, or `key:<name>`. */
  readonly name: string;
  readonly tenant: string;
  /** Null for keys. */
  readonly role: Role | null;
  /** Empty for people. */
  readonly scopes: readonly Scope[];
  readonly actions: ReadonlySet<Action>;
  /** Null for keys. */
  readonly sessionId: string | null;
}

/** Until the password is changed, a person with a generated one may only do that (ASVS 5.0, 6.4.1). */
const PASSWORD_CHANGE_ONLY: readonly Action[] = ['self'];

export function roleActions(role: Role, mustChangePassword: boolean): ReadonlySet<Action> {
  return new Set(mustChangePassword ? PASSWORD_CHANGE_ONLY : ROLE_ACTIONS[role]);
}

export function scopeActions(scopes: readonly Scope[]): ReadonlySet<Action> {
  return new Set(scopes.flatMap((scope) => SCOPE_ACTIONS[scope]));
}
