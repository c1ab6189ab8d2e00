import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { createApiKey } from '../api/admin.js';
import { totalsQuery } from '../api/queries.js';
import { useMay } from '../app/session.js';
import { Button } from '../ui/button.js';
import { Snippet } from '../ui/copy-button.js';
import { formatNumber, plural } from '../ui/format.js';
import { Segmented } from '../ui/form.js';
import { Icon } from '../ui/icon.js';
import { errorText } from '../ui/states.js';
import { showToast } from '../ui/toast.js';
import { Ago } from '../ui/time.js';
import { KEY_PLACEHOLDER, snippets, type SnippetKind } from './snippets.js';

const KINDS = [['curl', 'curl'], ['python', 'Python'], ['node', 'Node.js'], ['files', 'Log files']] as const satisfies ReadonlyArray<readonly [SnippetKind, string]>;
const POLL_MS = 2_000;

/** Three steps to the first event; the last one waits for it and sees it come. */
export default function GetStarted({ waiting = false }: { waiting?: boolean }) {
  const [kind, setKind] = useState<SnippetKind>('curl');
  const [key, setKey] = useState('');
  const [since] = useState(() => new Date().toISOString());
  return (
    <div className="start">
      {waiting && <p className="lead">Nothing has come in yet. Send the first event and watch it arrive: nobody has to reload anything.</p>}
      <ol className="start-steps">
        <li>
          <h2>A key to send with</h2>
          <IngestKey value={key} onCreated={setKey} />
        </li>
        <li>
          <h2>Send something</h2>
          <Segmented label="How to send" value={kind} options={KINDS} onChange={setKind} />
          {snippets(kind, location.origin, key || KEY_PLACEHOLDER, since).map(({ title, code }) => <Snippet key={title} title={title} code={code} />)}
          <p className="dim">Everything that speaks OpenTelemetry over HTTP works with those three variables. The other ways are in the <a className="link" href="/docs">API reference</a>.</p>
        </li>
        <li>
          <h2>See it arrive</h2>
          <Arrival />
        </li>
      </ol>
    </div>
  );
}

function IngestKey({ value, onCreated }: { value: string; onCreated: (key: string) => void }) {
  const may = useMay('keys.manage');
  const [busy, setBusy] = useState(false);
  async function create() {
    setBusy(true);
    try {
      const created = await createApiKey({ name: `ingest ${new Date().toISOString().slice(0, 16).replace('T', ' ')}`, scopes: ['ingest'] });
      onCreated(created.key);
    } catch (error) {
      showToast(errorText(error), 'error');
    } finally {
      setBusy(false);
    }
  }
  if (value) return <><Snippet title="Your ingest key, shown this once" code={value} /><p className="dim"><Icon name="check" /> It is in the commands below already.</p></>;
  if (!may) return <p className="dim">Ask an administrator for a key with the scope “ingest”, and put it in place of {KEY_PLACEHOLDER}. The start of the service printed one too.</p>;
  return <p className="start-key"><Button kind="primary" icon="key" busy={busy} onClick={() => void create()}>Create an ingest key</Button><span className="dim">Or use the one that the service printed at its first start.</span></p>;
}

function Arrival() {
  const totals = useQuery({ ...totalsQuery, refetchInterval: POLL_MS });
  const count = totals.data?.events ?? 0;
  return (
    <div className={count > 0 ? 'arrival done' : 'arrival'} role="status">
      {totals.error && !totals.data ? <p>{errorText(totals.error)}</p> : count === 0
        ? <><span className="pulse" aria-hidden="true" /><p><b>Waiting for your first event</b><span className="dim">This line changes by itself.</span></p></>
        : <><span className="arrival-icon"><Icon name="check" size={20} /></span><p><b>{plural(count, 'event')} from {formatNumber(totals.data!.entities)} {totals.data!.entities === 1 ? 'entity' : 'entities'}</b><span className="dim">The latest happened <Ago at={totals.data!.lastTime} />. <Link to="/entities" search={{ show: 'all' }} className="link">See who it was</Link></span></p></>}
    </div>
  );
}
