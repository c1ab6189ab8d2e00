import type { Action } from '@wary/model/permissions.js';

/** The settings, each with what one must be allowed to see it. */
export const SECTIONS = [
  { to: '/settings/detectors', label: 'Detectors', needs: 'read' },
  { to: '/settings/rules', label: 'Rules', needs: 'read' },
  { to: '/settings/registers', label: 'Registers', needs: 'read' },
  { to: '/settings/suppressions', label: 'Suppressions', needs: 'read' },
  { to: '/settings/dead-letters', label: 'Dead letters', needs: 'read' },
  { to: '/settings/webhooks', label: 'Webhooks', needs: 'webhooks.manage' },
  { to: '/settings/api-keys', label: 'API keys', needs: 'keys.manage' },
  { to: '/settings/users', label: 'Users', needs: 'users.manage' },
  { to: '/settings/roles', label: 'Roles', needs: 'read' },
  { to: '/settings/audit', label: 'Audit', needs: 'audit.read' },
] as const satisfies ReadonlyArray<{ to: string; label: string; needs: Action }>;
