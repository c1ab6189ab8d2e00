import { createRootRoute, createRoute, createRouter, redirect, Outlet } from '@tanstack/react-router';
import { parseAlertSearch } from '../alerts/alert-filters.js';
import { QueuePage } from '../alerts/queue-page.js';
import { meQuery, queryClient } from '../api/queries.js';
import { Failure, Loading } from '../ui/states.js';
import { lazyPart } from './lazy-part.js';
import { NotFound } from './not-found.js';
import { Shell } from './shell.js';
import { SignInPage } from './sign-in-page.js';

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

const signIn = createRoute({
  getParentRoute: () => root, path: '/sign-in', component: SignInPage,
  validateSearch: (raw: Record<string, unknown>): { next?: string } => ({ next: text(raw.next) }),
});

/** Everything behind the sign-in. */
const app = createRoute({
  getParentRoute: () => root, id: 'app', component: Shell,
  beforeLoad: async ({ location }) => {
    try {
      const me = await queryClient.ensureQueryData(meQuery);
      if ((me.mustChangePassword || me.mustSetUpSecondFactor) && location.pathname !== '/account') throw redirect({ to: '/account', replace: true });
    } catch (error) {
      if ((error as { status?: number }).status === 401) throw redirect({ to: '/sign-in', search: { next: location.href }, replace: true });
      throw error;
    }
  },
});

const home = createRoute({ getParentRoute: () => app, path: '/', beforeLoad: () => { throw redirect({ to: '/alerts', replace: true }); } });
const alerts = createRoute({ getParentRoute: () => app, path: '/alerts', component: QueuePage, validateSearch: parseAlertSearch });
const alert = createRoute({ getParentRoute: () => app, path: '/alerts/$id', component: lazyPart(async () => (await import('../alerts/alert-page.js')).AlertPage) });
const incidents = createRoute({
  getParentRoute: () => app, path: '/incidents', component: lazyPart(async () => (await import('../incidents/incidents-page.js')).IncidentsPage),
  validateSearch: (raw: Record<string, unknown>): { show?: 'all' | 'closed'; q?: string } => ({ show: raw.show === 'all' || raw.show === 'closed' ? raw.show : undefined, q: text(raw.q) }),
});
const incident = createRoute({ getParentRoute: () => app, path: '/incidents/$id', component: lazyPart(async () => (await import('../incidents/incident-page.js')).IncidentPage) });
const entities = createRoute({
  getParentRoute: () => app, path: '/entities', component: lazyPart(async () => (await import('../entities/entities-page.js')).EntitiesPage),
  validateSearch: (raw: Record<string, unknown>): { q?: string; show?: 'all' } => ({ q: text(raw.q), show: raw.show === 'all' ? raw.show : undefined }),
});
const entity = createRoute({ getParentRoute: () => app, path: '/entities/$type/$id', component: lazyPart(async () => (await import('../entities/entity-page.js')).EntityPage) });
const start = createRoute({ getParentRoute: () => app, path: '/get-started', component: lazyPart(async () => (await import('../onboarding/get-started-page.js')).GetStartedPage) });
const account = createRoute({ getParentRoute: () => app, path: '/account', component: lazyPart(async () => (await import('../account/account-page.js')).AccountPage) });

const settings = createRoute({ getParentRoute: () => app, path: '/settings', component: lazyPart(async () => (await import('../settings/settings-layout.js')).SettingsLayout) });
const settingsHome = createRoute({ getParentRoute: () => settings, path: '/', beforeLoad: () => { throw redirect({ to: '/settings/detectors', replace: true }); } });
const detectors = createRoute({ getParentRoute: () => settings, path: '/detectors', component: lazyPart(async () => (await import('../settings/detectors-page.js')).DetectorsPage) });
const backtest = createRoute({ getParentRoute: () => settings, path: '/detectors/$id/backtest', component: lazyPart(async () => (await import('../settings/backtest-page.js')).BacktestPage) });
const rules = createRoute({
  getParentRoute: () => settings, path: '/rules', component: lazyPart(async () => (await import('../settings/rules-page.js')).RulesPage),
  validateSearch: (raw: Record<string, unknown>): { q?: string; show?: 'on' | 'off' | 'problem' } => ({ q: text(raw.q), show: raw.show === 'on' || raw.show === 'off' || raw.show === 'problem' ? raw.show : undefined }),
});
const coverage = createRoute({ getParentRoute: () => settings, path: '/rules/coverage', component: lazyPart(async () => (await import('../settings/coverage-page.js')).CoveragePage) });
const rule = createRoute({ getParentRoute: () => settings, path: '/rules/$id', component: lazyPart(async () => (await import('../settings/rule-page.js')).RulePage) });
const registers = createRoute({ getParentRoute: () => settings, path: '/registers', component: lazyPart(async () => (await import('../settings/registers-page.js')).RegistersPage) });
const register = createRoute({ getParentRoute: () => settings, path: '/registers/$name', component: lazyPart(async () => (await import('../settings/register-page.js')).RegisterPage) });
const suppressions = createRoute({ getParentRoute: () => settings, path: '/suppressions', component: lazyPart(async () => (await import('../settings/suppressions-page.js')).SuppressionsPage) });
const deadLetters = createRoute({ getParentRoute: () => settings, path: '/dead-letters', component: lazyPart(async () => (await import('../settings/dead-letters-page.js')).DeadLettersPage) });
const webhooks = createRoute({ getParentRoute: () => settings, path: '/webhooks', component: lazyPart(async () => (await import('../settings/webhooks-page.js')).WebhooksPage) });
const webhook = createRoute({ getParentRoute: () => settings, path: '/webhooks/$id', component: lazyPart(async () => (await import('../settings/webhook-page.js')).WebhookPage) });
const apiKeys = createRoute({ getParentRoute: () => settings, path: '/api-keys', component: lazyPart(async () => (await import('../settings/api-keys-page.js')).ApiKeysPage) });
const users = createRoute({ getParentRoute: () => settings, path: '/users', component: lazyPart(async () => (await import('../settings/users-page.js')).UsersPage) });
const roles = createRoute({ getParentRoute: () => settings, path: '/roles', component: lazyPart(async () => (await import('../settings/roles-page.js')).RolesPage) });
const audit = createRoute({
  getParentRoute: () => settings, path: '/audit', component: lazyPart(async () => (await import('../settings/audit-page.js')).AuditPage),
  validateSearch: (raw: Record<string, unknown>): { actor?: string; action?: string; target?: string } => ({ actor: text(raw.actor), action: text(raw.action), target: text(raw.target) }),
});

/** Addresses for people: plain `key=value`, no JSON in them. */
function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}
function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) if (value !== undefined && value !== null && value !== '') params.set(key, String(value));
  const result = params.toString();
  return result === '' ? '' : `?${result}`;
}

export const router = createRouter({
  routeTree: root.addChildren([signIn, app.addChildren([home, alerts, alert, incidents, incident, entities, entity, start, account, settings.addChildren([settingsHome, detectors, backtest, rules, coverage, rule, registers, register, suppressions, deadLetters, webhooks, webhook, apiKeys, users, roles, audit])])]),
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  scrollRestoration: false,
  defaultPendingComponent: () => <Loading label="Loading" />,
  defaultErrorComponent: ({ error, reset }) => <div className="page"><h1 className="visually-hidden">Something went wrong</h1><Failure error={error} onRetry={reset} /></div>,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
