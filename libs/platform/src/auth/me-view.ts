import type { User } from '@wary/ports/account-store.port.js';
import { ROLES, SCOPES, ACTIONS } from '@wary/model/permissions.js';
import { z } from 'zod';
import { mustSetUpSecondFactor, type Principal, type SignInPolicy } from './principal.js';

/** Who asks and what they may do; the dashboard shows no button that would be refused. */
export const MeSchema = z.object({
  id: z.string(), kind: z.enum(['user', 'key']), email: z.string().describe('of a key: key:<name>'), name: z.string(), tenant: z.string(), role: z.enum(ROLES).nullable(), scopes: z.array(z.enum(SCOPES)),
  actions: z.array(z.enum(ACTIONS)), mustChangePassword: z.boolean(), secondFactor: z.boolean(), mustSetUpSecondFactor: z.boolean().describe('required here, and not there yet'),
});

export const meOf = (principal: Principal, user: User | null, policy: SignInPolicy): z.output<typeof MeSchema> => ({
  id: principal.id, kind: principal.kind, email: principal.name, name: user?.name ?? principal.name, tenant: principal.tenant, role: principal.role, scopes: [...principal.scopes], actions: [...principal.actions],
  mustChangePassword: user?.mustChangePassword ?? false, secondFactor: user?.secondFactor ?? false, mustSetUpSecondFactor: user !== null && mustSetUpSecondFactor(user, policy),
});
