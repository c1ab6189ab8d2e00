import type { Alert } from '@wary/model/alert.js';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { alertQuery } from '../api/queries.js';
import { CopyLink } from '../ui/copy-link.js';
import { IconButton } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import { Failure, Loading } from '../ui/states.js';
import { AlertActionsBar } from './alert-actions-bar.js';
import { AlertFacts } from './alert-facts.js';
import { AlertTabs } from './alert-tabs.js';
import { WhatHappened } from './what-happened.js';
import { WhatToDo } from './what-to-do.js';
import { Why } from './why.js';
import type { AlertActions } from './use-alert-actions.js';

/** The alert beside the list: the list stays usable, j and k go through it. */
export default function AlertDrawer({ id, known, actions, onClose, onStep }: { id: string; known: Alert | undefined; actions: AlertActions; onClose: () => void; onStep: (by: number) => void }) {
  const query = useQuery({ ...alertQuery(id), placeholderData: known });
  const panel = useRef<HTMLElement>(null);
  const body = useRef<HTMLDivElement>(null);
  // Focus goes in once, when the drawer opens; stepping through the list leaves it where it is.
  useEffect(() => { panel.current?.focus({ preventScroll: true }); }, []);
  useEffect(() => { if (body.current) body.current.scrollTop = 0; }, [id]);
  const alert = query.data;
  return (
    <aside ref={panel} className="drawer" aria-label="Alert" tabIndex={-1}>
      <div className="drawer-head">
        <IconButton icon="up" label="Previous alert" onClick={() => onStep(-1)} />
        <IconButton icon="arrow-down" label="Next alert" onClick={() => onStep(1)} />
        <span className="grow" />
        <CopyLink path={`/alerts/${encodeURIComponent(id)}`} />
        <Link to="/alerts/$id" params={{ id }} className="icon-button" aria-label="Full page" title="Full page"><Icon name="expand" /></Link>
        <IconButton icon="close" label="Back to the list" onClick={onClose} />
      </div>
      <div className="drawer-body" ref={body} tabIndex={0} role="region" aria-label="Details">
        {query.error && !alert ? <Failure error={query.error} onRetry={() => void query.refetch()} /> : null}
        {!alert && !query.error && <Loading label="Loading the alert" />}
        {alert && (
          <>
            <h2 className="detail-title">{alert.title}</h2>
            <AlertActionsBar alert={alert} actions={actions} />
            <AlertFacts alert={alert} />
            <div className="parts" key={alert.id}>
              <WhatHappened alert={alert} />
              <Why alert={alert} />
              <WhatToDo alert={alert} />
              <AlertTabs alert={alert} actions={actions} />
            </div>
          </>
        )}
      </div>
    </aside>
  );
}
