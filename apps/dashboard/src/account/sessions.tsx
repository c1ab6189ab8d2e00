import { useQuery } from '@tanstack/react-query';
import { sendJson } from '../api/http.js';
import { queryClient, sessionsQuery } from '../api/queries.js';
import { Button } from '../ui/button.js';
import { errorText, Failure, Loading } from '../ui/states.js';
import { Ago } from '../ui/time.js';
import { showToast } from '../ui/toast.js';
import { browserName } from './browser-name.js';

/** Where one is signed in, and how to end it there. */
export function Sessions() {
  const query = useQuery(sessionsQuery);
  async function end(id: string | null) {
    try {
      await sendJson('DELETE', id === null ? '/v1/me/sessions' : `/v1/me/sessions/${encodeURIComponent(id)}`);
      showToast(id === null ? 'Your other sessions have ended' : 'Session ended');
    } catch (error) {
      showToast(errorText(error), 'error');
    }
    await queryClient.invalidateQueries(sessionsQuery);
  }
  const others = query.data?.items.filter(({ current }) => !current) ?? [];
  return (
    <section className="part" aria-labelledby="sessions">
      <div className="part-head"><h2 id="sessions">Sessions</h2>{others.length > 1 && <Button className="small" onClick={() => void end(null)}>End all others</Button>}</div>
      {query.error && !query.data ? <Failure error={query.error} onRetry={() => void query.refetch()} /> : !query.data ? <Loading label="Loading the sessions" /> : (
        <ul className="cards">
          {query.data.items.map((session) => (
            <li key={session.id}>
              <span className="grow"><b>{browserName(session.userAgent)}</b>{session.current && <span className="tag accent">This one</span>}<span className="dim cards-line">{session.ip} · since <Ago at={session.createdAt} /> · last used <Ago at={session.lastSeenAt} /></span></span>
              {!session.current && <Button className="small" onClick={() => void end(session.id)}>End</Button>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
