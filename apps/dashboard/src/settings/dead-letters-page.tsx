import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { deadLettersQuery, replayDeadLetters } from '../api/admin.js';
import { useMay } from '../app/session.js';
import { Button } from '../ui/button.js';
import { formatBytes, plural } from '../ui/format.js';
import { errorText } from '../ui/states.js';
import { Ago } from '../ui/time.js';
import { showToast } from '../ui/toast.js';
import { PageHead } from './page-head.js';
import { Paged } from './paged.js';

export function DeadLettersPage() {
  const may = useMay('deadletters.replay');
  const query = useInfiniteQuery(deadLettersQuery);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [busy, setBusy] = useState(false);
  async function replay() {
    setBusy(true);
    try {
      const { replayed, duplicates, rejected } = await replayDeadLetters([...chosen]);
      showToast([`${plural(replayed, 'record')} taken in`, duplicates > 0 ? `${duplicates} known already` : '', rejected.length > 0 ? `${rejected.length} failed again: ${rejected[0]!.message}` : ''].filter(Boolean).join(', '), rejected.length > 0 ? 'error' : 'ok');
      setChosen(new Set());
    } catch (error) {
      showToast(errorText(error), 'error');
    } finally {
      setBusy(false);
    }
  }
  const toggle = (id: string) => setChosen((now) => {
    const next = new Set(now);
    if (!next.delete(id)) next.add(id);
    return next;
  });
  return (
    <>
      <PageHead title="Dead letters" text="Records that could not be processed, with the reason. The payload is kept encrypted for a short while and is never shown; once the cause is mended it can be sent through again.">
        {may && <Button kind="primary" icon="refresh" busy={busy} disabled={chosen.size === 0} onClick={() => void replay()}>{chosen.size > 0 ? `Replay ${chosen.size}` : 'Replay'}</Button>}
      </PageHead>
      <Paged query={query} what="dead letters" icon="check" empty="Everything that came in could be read.">
        {(letters) => (
          <table className="list compact" aria-label="Dead letters">
            <thead><tr>{may && <th scope="col"><span className="visually-hidden">Selected</span></th>}<th scope="col">Reason</th><th scope="col">Source</th><th scope="col" className="right">Offset</th><th scope="col" className="right">Size</th><th scope="col" className="right">Received</th><th scope="col">Replayed</th></tr></thead>
            <tbody>
              {letters.map((letter) => (
                <tr key={letter.id}>
                  {may && <td className="list-check"><label className="check-target"><input type="checkbox" checked={chosen.has(letter.id)} aria-label={`Select ${letter.code} at ${letter.offset}`} onChange={() => toggle(letter.id)} /></label></td>}
                  <td className="list-main"><span className="row-link">{letter.message}</span><span className="faint mono">{letter.code}</span></td>
                  <td data-label="Source">{letter.source}</td>
                  <td data-label="Offset" className="right mono">{letter.offset}</td>
                  <td data-label="Size" className="right mono">{formatBytes(letter.payloadBytes)}</td>
                  <td data-label="Received" className="right dim"><Ago at={letter.receivedAt} /></td>
                  <td data-label="Replayed" className="dim">{letter.replayedAt === null ? 'No' : <Ago at={letter.replayedAt} />}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Paged>
    </>
  );
}
