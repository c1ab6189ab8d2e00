import { ROLE_ACTIONS, SCOPE_ACTIONS, type Action, type Role, type Scope } from '@wary/model/permissions.js';
import type { User } from '@wary/ports/account-store.port.js';

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
  /** What a person must do before anything else; until then it may do nothing but that. */
  readonly mustFirst?: 'mustChangePassword' | 'mustSetUpSecondFactor';
}

/** Until a generated password is changed (ASVS 5.0, 6.4.1), and until a second factor is there that the configuration requires, a person may only do that. */
const ACCOUNT_ONLY: readonly Action[] = ['self'];

export interface SignInPolicy { /** WARY_REQUIRE_SECOND_FACTOR. */ readonly requireSecondFactor: boolean }

export const mustSetUpSecondFactor = ({ secondFactor }: Pick<User, 'secondFactor'>, { requireSecondFactor }: SignInPolicy): boolean => requireSecondFactor && !secondFactor;

export function userPrincipal(user: User, sessionId: string, policy: SignInPolicy): Principal {
  const mustFirst = user.mustChangePassword ? 'mustChangePassword' : mustSetUpSecondFactor(user, policy) ? 'mustSetUpSecondFactor' : undefined;
  return {
    kind: 'user', id: user.id, name: user.email, tenant: user.tenant, role: user.role, scopes: [], actions: new Set(mustFirst === undefined ? ROLE_ACTIONS[user.role] : ACCOUNT_ONLY), sessionId,
    ...(mustFirst === undefined ? {} : { mustFirst }),
  };
}

export function scopeActions(scopes: readonly Scope[]): ReadonlySet<Action> {
  return new Set(scopes.flatMap((scope) => SCOPE_ACTIONS[scope]));
}
