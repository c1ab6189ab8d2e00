import type { Delivery } from '@wary/ports/webhook-store.port.js';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { deliveriesQuery, deliveryQuery, replayDelivery } from '../api/admin.js';
import { Button } from '../ui/button.js';
import { Segmented } from '../ui/form.js';
import { plural, sentence } from '../ui/format.js';
import { Icon } from '../ui/icon.js';
import { errorText, Failure, Loading } from '../ui/states.js';
import { Ago, At } from '../ui/time.js';
import { showToast } from '../ui/toast.js';
import { Paged } from './paged.js';

const STATUSES = [['', 'All'], ['pending', 'Pending'], ['succeeded', 'Succeeded'], ['failed', 'Failed']] as const;

export function Deliveries({ webhookId }: { webhookId: string }) {
  const [status, setStatus] = useState<(typeof STATUSES)[number][0]>('');
  const query = useInfiniteQuery(deliveriesQuery(webhookId, status));
  return (
    <section className="part" aria-labelledby="deliveries">
      <div className="part-head"><h2 id="deliveries">Deliveries</h2><Segmented label="Which deliveries" value={status} options={STATUSES} onChange={setStatus} /></div>
      <Paged query={query} what="deliveries" icon="link" empty="Messages appear here by themselves.">
        {(deliveries) => <div className="events">{deliveries.map((delivery) => <Row key={delivery.id} webhookId={webhookId} delivery={delivery} />)}</div>}
      </Paged>
    </section>
  );
}

function Row({ webhookId, delivery }: { webhookId: string; delivery: Delivery }) {
  const [open, setOpen] = useState(false);
  const tone = delivery.status === 'succeeded' ? 'good' : delivery.status === 'failed' ? 'bad' : 'accent';
  return (
    <details className="event" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <Icon name="right" size={14} />
        <span className="event-time mono"><Ago at={delivery.createdAt} /></span>
        <span className="event-title grow">{delivery.type} <span className="faint mono">{delivery.subject}</span></span>
        <span className={`tag ${tone}`}>{sentence(delivery.status)}</span>
        <span className="event-amount dim">{[delivery.lastStatus, plural(delivery.attempts, 'attempt')].filter(Boolean).join(' · ')}</span>
      </summary>
      {open && <Detail webhookId={webhookId} id={delivery.id} />}
    </details>
  );
}

function Detail({ webhookId, id }: { webhookId: string; id: string }) {
  const query = useQuery(deliveryQuery(webhookId, id));
  if (!query.data) return query.error ? <Failure error={query.error} /> : <Loading label="Loading the attempts" />;
  const { request, log, nextAttemptAt, lastError } = query.data;
  async function replay() {
    try {
      await replayDelivery(webhookId, id);
      showToast('Sent again');
    } catch (error) {
      showToast(errorText(error), 'error');
    }
  }
  return (
    <div className="event-body">
      <p className="facts-line dim"><span className="mono break">{id}</span>{nextAttemptAt !== null && <span>next attempt <Ago at={nextAttemptAt} /></span>}{lastError && <span>{lastError}</span>}</p>
      <Button className="small" icon="refresh" onClick={() => void replay()}>Replay</Button>
      {log.map((attempt) => (
        <section key={attempt.at} className="content-part" aria-label="Attempt">
          <h3><At at={attempt.at} seconds /> · {attempt.response ? `answered ${attempt.response.status}` : attempt.error ?? attempt.outcome} · {Math.round(attempt.durationMs)} ms</h3>
          <div className="said"><span className="said-by">Request headers</span><pre>{Object.entries(attempt.request.headers).map(([name, value]) => `${name}: ${value}`).join('\n')}</pre></div>
          {attempt.response && <div className="said"><span className="said-by">Response</span><pre tabIndex={0} aria-label="Response">{attempt.response.body || '(empty)'}</pre></div>}
        </section>
      ))}
      <section className="content-part" aria-label="Body"><h3>Body</h3><div className="said"><pre tabIndex={0} aria-label="Body">{pretty(request.body)}</pre></div></section>
    </div>
  );
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
