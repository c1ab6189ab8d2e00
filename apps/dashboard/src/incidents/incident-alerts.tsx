import type { Incident } from '@wary/model/incident.js';
import { useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import { AlertList } from '../alerts/alert-list.js';
import { alertQuery } from '../api/queries.js';
import { Button, IconButton } from '../ui/button.js';
import { plural } from '../ui/format.js';
import { EmptyState, Failure, Loading } from '../ui/states.js';

const FIRST = 20;

/** The alerts of an incident, each read by itself, so that live changes show in place. */
export function IncidentAlerts({ incident, mayWork, onAttach, onDetach }: { incident: Incident; mayWork: boolean; onAttach: () => void; onDetach: (id: string) => void }) {
  const [shown, setShown] = useState(FIRST);
  const ids = incident.alertIds.slice(0, shown);
  const queries = useQueries({ queries: ids.map(alertQuery) });
  const alerts = queries.flatMap(({ data }) => data ?? []);
  const failed = queries.find(({ error, data }) => error !== null && !data);
  return (
    <section className="part" aria-labelledby="alerts-in-it">
      <div className="part-head"><h2 id="alerts-in-it">{plural(incident.alertIds.length, 'alert')} in it</h2>{mayWork && <Button className="small" icon="plus" onClick={onAttach}>Attach alerts</Button>}</div>
      {incident.alertIds.length === 0 && <EmptyState icon="alerts" title="No alerts in it">Attach the ones that belong together.</EmptyState>}
      {failed && <Failure error={failed.error} onRetry={() => void failed.refetch()} />}
      {alerts.length === 0 && ids.length > 0 && !failed && <Loading label="Loading the alerts" />}
      {alerts.length > 0 && <AlertList alerts={alerts} label="Alerts in the incident" entity {...(mayWork ? { action: (alert) => <IconButton icon="close" label={`Detach ${alert.title}`} onClick={() => onDetach(alert.id)} /> } : {})} />}
      {incident.alertIds.length > shown && <div className="more"><Button onClick={() => setShown(shown + 50)}>Show more</Button></div>}
    </section>
  );
}
