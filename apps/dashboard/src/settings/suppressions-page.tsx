import { useQuery } from '@tanstack/react-query';
import { deleteSuppression } from '../api/actions.js';
import { suppressionsQuery } from '../api/queries.js';
import { useMay } from '../app/session.js';
import { scopeWords } from '../alerts/suppression-scopes.js';
import { Button } from '../ui/button.js';
import { formatNumber } from '../ui/format.js';
import { EmptyState, errorText, Failure, Loading } from '../ui/states.js';
import { Ago, At } from '../ui/time.js';
import { showToast } from '../ui/toast.js';
import { PageHead } from './page-head.js';

export function SuppressionsPage() {
  const may = useMay('alerts.suppress');
  const query = useQuery({ ...suppressionsQuery, refetchInterval: 15_000 });
  async function end(id: string) {
    try {
      await deleteSuppression(id);
      showToast('Suppression ended; what it hid is triggered again');
    } catch (error) {
      showToast(errorText(error), 'error');
    }
  }
  return (
    <>
      <PageHead title="Suppressions" text="What is hidden, until when, and why. Make one from an alert with s; what it hides still counts, and comes back when it ends." />
      {query.error && !query.data ? <Failure error={query.error} onRetry={() => void query.refetch()} /> : !query.data ? <Loading label="Loading the suppressions" /> : query.data.items.length === 0 ? <EmptyState icon="mute" title="Nothing is suppressed" /> : (
        <table className="list compact" aria-label="Suppressions">
          <thead><tr><th scope="col">Hides</th><th scope="col" className="right">Hidden</th><th scope="col">Until</th><th scope="col">By</th><th scope="col"><span className="visually-hidden">Actions</span></th></tr></thead>
          <tbody>
            {query.data.items.map((suppression) => (
              <tr key={suppression.id}>
                <td className="list-main"><span className="row-link">{scopeWords(suppression.scope)}</span><span className="faint">{suppression.reason}</span></td>
                <td data-label="Hidden" className="right mono">{formatNumber(suppression.hits)}</td>
                <td data-label="Until"><At at={suppression.until} /> <span className="faint">(<Ago at={suppression.until} />)</span></td>
                <td data-label="By" className="dim">{suppression.createdBy}</td>
                <td className="list-actions">{may && <Button className="small" aria-label={`End ${scopeWords(suppression.scope)}`} onClick={() => void end(suppression.id)}>End</Button>}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
