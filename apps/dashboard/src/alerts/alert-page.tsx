import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { alertQuery } from '../api/queries.js';
import { useMay } from '../app/session.js';
import { useShortcuts } from '../app/shortcuts.js';
import { useTitle } from '../app/title.js';
import { CopyLink } from '../ui/copy-link.js';
import { Icon } from '../ui/icon.js';
import { Failure, Loading } from '../ui/states.js';
import { AlertActionsBar } from './alert-actions-bar.js';
import { AlertFacts } from './alert-facts.js';
import { AlertTabs } from './alert-tabs.js';
import { useAlertActions } from './use-alert-actions.js';
import { WhatHappened } from './what-happened.js';
import { WhatToDo } from './what-to-do.js';
import { Why } from './why.js';

/** The whole alert on a page of its own, for a link in a message or a closer look. */
export function AlertPage() {
  const { id } = useParams({ from: '/app/alerts/$id' });
  const query = useQuery(alertQuery(id));
  const actions = useAlertActions({});
  const mayWork = useMay('alerts.work');
  const maySuppress = useMay('alerts.suppress');
  const alert = query.data;
  useTitle(alert?.title ?? 'Alert');
  useShortcuts(alert ? {
    ...(mayWork ? {
      a: () => void actions.run([alert], { kind: 'acknowledge' }), e: () => actions.ask('resolve', [alert]), i: () => actions.assignToMe([alert]), c: () => void actions.openIncident([alert]),
    } : {}),
    ...(maySuppress ? { s: () => actions.ask('suppress', [alert]) } : {}),
  } : {});

  if (!alert) return <div className="page"><h1 className="visually-hidden">Alert</h1>{query.error ? <Failure error={query.error} onRetry={() => void query.refetch()} /> : <Loading label="Loading the alert" />}</div>;
  return (
    <div className="page detail-page">
      <nav className="crumbs" aria-label="Where you are"><Link to="/alerts" className="link"><Icon name="left" size={14} />Alerts</Link><span className="grow" /><CopyLink path={`/alerts/${encodeURIComponent(id)}`} /></nav>
      <h1 className="page-title">{alert.title}</h1>
      <AlertActionsBar alert={alert} actions={actions} />
      <AlertFacts alert={alert} />
      <div className="columns">
        <div className="column parts"><WhatHappened alert={alert} /><Why alert={alert} /></div>
        <div className="column parts"><WhatToDo alert={alert} /><section className="part" aria-label="More"><AlertTabs alert={alert} actions={actions} /></section></div>
      </div>
      {actions.dialogs}
    </div>
  );
}
