import type { Alert } from '@wary/model/alert.js';
import { useQuery } from '@tanstack/react-query';
import { eventsByIdQuery } from '../api/queries.js';
import { EventRow } from '../events/event-row.js';
import { oneSequence } from '../events/one-sequence.js';
import { EmptyState, Failure, Loading } from '../ui/states.js';

/** The first, the last and the most telling events of both logs as one sequence, oldest first, with what each adds to. */
export function AlertEvents({ alert }: { alert: Alert }) {
  const ids = alert.explanation.eventIds;
  const query = useQuery(eventsByIdQuery(ids));
  if (ids.length === 0) return <EmptyState icon="alerts" title="No events are named in this alert" />;
  if (query.error) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return <Loading label="Loading the events" />;
  const { items, isMixed } = oneSequence(query.data.items, alert.explanation.contributions);
  if (items.length === 0) return <EmptyState icon="clock" title="The events are no longer kept">Their retention is over. What the alert says about them stays.</EmptyState>;
  const mark = (index: number) => (items.length < 2 ? undefined : index === 0 ? 'First' : index === items.length - 1 ? 'Last' : undefined);
  return <div className="events">{items.map(({ event, plane, addsTo }, index) => <EventRow key={event.id} event={event} mark={mark(index)} plane={isMixed ? plane : undefined} addsTo={addsTo} />)}</div>;
}
