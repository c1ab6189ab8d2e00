import { WaryError } from '@wary/model/errors.js';

/** Who can be given work: enabled users of the tenant, by e-mail. */
export interface Assignees { check(tenant: string, assignee: string | null): Promise<void> }
export const ASSIGNEES = Symbol.for('wary.Assignees');

export function createAssignees(isEnabledUser: (tenant: string, email: string) => Promise<boolean>): Assignees {
  return {
    async check(tenant, assignee) {
      if (assignee !== null && !(await isEnabledUser(tenant, assignee))) {
        throw new WaryError('validation_failed', `${assignee} is no enabled user here`, { errors: [{ path: 'assignee', message: 'must be the e-mail of an enabled user' }] });
      }
    },
  };
}
