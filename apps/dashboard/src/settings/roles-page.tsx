import { ROLES, type Action } from '@wary/model/permissions.js';
import { useQuery } from '@tanstack/react-query';
import { permissionsQuery } from '../api/admin.js';
import { sentence } from '../ui/format.js';
import { Icon } from '../ui/icon.js';
import { Failure, Loading } from '../ui/states.js';
import { PageHead } from './page-head.js';

const WORDS: Partial<Record<Action, string>> = {
  read: 'See everything but the settings of others', self: 'Own password and sessions', 'alerts.work': 'Acknowledge, assign, note, resolve alerts', 'incidents.work': 'Work incidents', 'alerts.suppress': 'Suppress alerts', 'incidents.close': 'Close incidents',
  'incidents.merge': 'Merge incidents', 'detectors.tune': 'Tune detectors', 'registers.edit': 'Edit registers', 'deadletters.replay': 'Replay dead letters', 'audit.read': 'Read the audit', 'users.manage': 'Users', 'keys.manage': 'API keys', 'webhooks.manage': 'Webhooks', 'settings.manage': 'Settings',
};

/** The one table of the code, as text. */
export function RolesPage() {
  const query = useQuery(permissionsQuery);
  const actions = query.data ? [...new Set(ROLES.flatMap((role) => query.data.roles[role]))] : [];
  return (
    <>
      <PageHead title="Roles" text="What each role may do. It is the table that the server decides by." />
      {query.error && !query.data ? <Failure error={query.error} onRetry={() => void query.refetch()} /> : !query.data ? <Loading label="Loading the table" /> : (
        <div className="table-box" tabIndex={0} role="region" aria-label="Roles and what they may do">
          <table className="table matrix">
            <thead><tr><th scope="col">May</th>{ROLES.map((role) => <th key={role} scope="col">{sentence(role)}</th>)}</tr></thead>
            <tbody>{actions.map((action) => <tr key={action}><th scope="row">{WORDS[action] ?? action} <span className="faint mono">{action}</span></th>{ROLES.map((role) => <td key={role}>{query.data.roles[role].includes(action) ? <span className="yes"><Icon name="check" /><span className="visually-hidden">yes</span></span> : <span className="faint">–<span className="visually-hidden"> no</span></span>}</td>)}</tr>)}</tbody>
          </table>
        </div>
      )}
    </>
  );
}
