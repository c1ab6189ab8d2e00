import type { AuditRecord } from '@wary/ports/audit.port.js';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { auditQuery } from '../api/admin.js';
import { Icon } from '../ui/icon.js';
import { SearchBox } from '../ui/search-box.js';
import { At } from '../ui/time.js';
import { auditDiff } from './audit-diff.js';
import { PageHead } from './page-head.js';
import { Paged } from './paged.js';

export function AuditPage() {
  const { actor = '', action = '', target = '' } = useSearch({ from: '/app/settings/audit' });
  const navigate = useNavigate({ from: '/settings/audit' });
  const query = useInfiniteQuery(auditQuery({ actor, action, target }));
  const set = (part: { actor?: string | undefined; action?: string | undefined; target?: string | undefined }) => void navigate({ search: (now) => ({ ...now, ...part }), replace: true });
  return (
    <>
      <PageHead title="Audit" text="Every change: who, when, from where, before and after. Newest first." />
      <div className="page-tools">
        <SearchBox label="Who" placeholder="Who: e-mail or key:name" value={actor} onChange={(text) => set({ actor: text || undefined })} />
        <SearchBox label="What" placeholder="What: user.disable, or incident." value={action} onChange={(text) => set({ action: text || undefined })} />
        <SearchBox label="On" placeholder="On: alert:al_…" value={target} onChange={(text) => set({ target: text || undefined })} />
      </div>
      <Paged query={query} what="entries" icon="clock" empty="Nothing was changed, or nothing matches.">
        {(entries) => <div className="events">{entries.map((entry) => <Row key={entry.id} entry={entry} />)}</div>}
      </Paged>
    </>
  );
}

function Row({ entry }: { entry: AuditRecord }) {
  const [open, setOpen] = useState(false);
  return (
    <details className="event" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <Icon name="right" size={14} />
        <span className="event-time mono"><At at={entry.at} seconds /></span>
        <span className="event-title grow"><span className="mono">{entry.action}</span> <span className="faint mono">{entry.target}</span></span>
        <span className="event-amount dim">{entry.actor.name}</span>
      </summary>
      {open && (
        <div className="event-body">
          <dl className="facts">
            <div><dt>Who</dt><dd>{entry.actor.name} ({entry.actor.kind})</dd></div>
            {entry.actor.ip && <div><dt>From</dt><dd className="mono">{entry.actor.ip}</dd></div>}
            {entry.actor.requestId && <div><dt>Request</dt><dd className="mono break">{entry.actor.requestId}</dd></div>}
          </dl>
          <div className="table-box" tabIndex={0} role="region" aria-label="Before and after">
            <table className="table"><thead><tr><th scope="col">Field</th><th scope="col">Before</th><th scope="col">After</th></tr></thead>
              <tbody>{auditDiff(entry.before, entry.after).map(({ field, before, after }) => <tr key={field}><th scope="row" className="mono">{field}</th><td className="mono break">{before}</td><td className="mono break">{after}</td></tr>)}</tbody>
            </table>
          </div>
        </div>
      )}
    </details>
  );
}
