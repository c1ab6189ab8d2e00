import { WaryError } from '@wary/model/errors.js';

export interface Assignee { readonly email: string; readonly name: string }
/** Who can be given work: enabled users of the tenant, by e-mail. */
export interface Assignees {
  check(tenant: string, assignee: string | null): Promise<void>;
  /** By e-mail; those who may work alerts. */
  list(tenant: string): Promise<Assignee[]>;
}
export const ASSIGNEES = Symbol.for('wary.Assignees');

export interface AssigneesParts {
  readonly isEnabledUser: (tenant: string, email: string) => Promise<boolean>;
  readonly workers: (tenant: string) => Promise<Assignee[]>;
}

export function createAssignees({ isEnabledUser, workers }: AssigneesParts): Assignees {
  return {
    async check(tenant, assignee) {
      if (assignee !== null && !(await isEnabledUser(tenant, assignee))) {
        throw new WaryError('validation_failed', `${assignee} is no enabled user here`, { errors: [{ path: 'assignee', message: 'must be the e-mail of an enabled user' }] });
      }
    },
    list: workers,
  };
}
