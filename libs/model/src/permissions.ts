export const ROLES = ['viewer', 'analyst', 'lead', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export const SCOPES = ['ingest', 'read', 'respond', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** What a route, socket message or command may demand. */
export const ACTIONS = [
  'public', 'self', 'ingest', 'read', 'alerts.work', 'incidents.work', 'alerts.suppress', 'incidents.close', 'incidents.merge',
  'detectors.tune', 'registers.edit', 'rules.edit', 'deadletters.replay', 'users.manage', 'keys.manage', 'webhooks.manage', 'audit.read', 'settings.manage',
] as const;
export type Action = (typeof ACTIONS)[number];

const READ: readonly Action[] = ['read', 'self'];
const WORK: readonly Action[] = [...READ, 'alerts.work', 'incidents.work'];
const LEAD: readonly Action[] = [...WORK, 'alerts.suppress', 'incidents.close', 'incidents.merge', 'detectors.tune', 'registers.edit', 'rules.edit', 'deadletters.replay', 'audit.read'];

/** The one table: what each role may do. `ingest` is for keys alone; `public` needs nobody. */
export const ROLE_ACTIONS: { readonly [role in Role]: readonly Action[] } = {
  viewer: READ,
  analyst: WORK,
  lead: LEAD,
  admin: [...LEAD, 'users.manage', 'keys.manage', 'webhooks.manage', 'settings.manage'],
};

/** What each scope of an API key may do. */
export const SCOPE_ACTIONS: { readonly [scope in Scope]: readonly Action[] } = {
  ingest: ['ingest'],
  read: ['read'],
  respond: ['read', 'alerts.work', 'incidents.work', 'incidents.close', 'incidents.merge', 'alerts.suppress'],
  admin: ACTIONS.filter((action) => action !== 'self' && action !== 'ingest'),
};
