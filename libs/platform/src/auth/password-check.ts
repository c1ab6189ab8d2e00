import { WaryError } from '@wary/model/errors.js';
import type { AccountStore, User } from '@wary/ports/account-store.port.js';
import type { LoginThrottle } from './login-throttle.js';
import type { PasswordHasher } from './password-hasher.js';

/** Asks for the password again before something weighty is changed; gives the hash it was compared with. */
export interface PasswordCheck { require(user: User, password: string, ip: string): Promise<string> }

export function createPasswordCheck({ store, hasher, throttle }: { readonly store: Pick<AccountStore, 'findUserByEmail'>; readonly hasher: PasswordHasher; readonly throttle: LoginThrottle }): PasswordCheck {
  return {
    async require(user, password, ip) {
      // Who found an open session must not try out passwords in it.
      await throttle.begin(user.email, ip);
      const found = await store.findUserByEmail(user.email);
      if (found === null || !(await hasher.matches(found.passwordHash, password))) throw new WaryError('bad_credentials', 'The present password is wrong');
      await throttle.succeeded(user.email, ip);
      return found.passwordHash;
    },
  };
}
