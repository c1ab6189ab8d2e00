import type { Alert } from '@wary/model/alert.js';
import { entityKey } from '@wary/model/entity.js';
import { useQuery } from '@tanstack/react-query';
import { alertsQuery } from '../api/queries.js';
import { EmptyState, Failure, Loading } from '../ui/states.js';
import { AlertList } from './alert-list.js';

const SHOWN = 20;

export function RelatedAlerts({ alert }: { alert: Alert }) {
  const query = useQuery(alertsQuery({ entity: entityKey(alert.entity), limit: SHOWN + 1 }));
  if (query.error) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return <Loading label="Loading the alerts" />;
  const others = query.data.items.filter(({ id }) => id !== alert.id).slice(0, SHOWN);
  if (others.length === 0) return <EmptyState icon="check" title="No other alert of this entity" />;
  return <AlertList alerts={others} label="Other alerts of the same entity" />;
}
