import { SCOPES, type Scope } from '@wary/model/permissions.js';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { apiKeysQuery, createApiKey, revokeApiKey, rotateApiKey, type KeyView } from '../api/admin.js';
import { Button } from '../ui/button.js';
import { ConfirmDialog } from '../ui/confirm-dialog.js';
import { Dialog } from '../ui/dialog.js';
import { Field, Form } from '../ui/form.js';
import { sentence } from '../ui/format.js';
import { Ago, At } from '../ui/time.js';
import { OnceDialog, type Once } from './once-dialog.js';
import { PageHead } from './page-head.js';
import { Paged } from './paged.js';

const SCOPE_HINTS: Record<Scope, string> = { ingest: 'sends events', read: 'reads everything', respond: 'works alerts and incidents', admin: 'does everything but ingest' };
const GRACE_SECONDS = 86_400;
const DAY_MS = 86_400_000;
type Open = { kind: 'create' } | { kind: 'rotate' | 'revoke'; key: KeyView };

export function ApiKeysPage() {
  const query = useInfiniteQuery(apiKeysQuery);
  const [open, setOpen] = useState<Open | null>(null);
  const [once, setOnce] = useState<Once | null>(null);
  const close = () => setOpen(null);
  const told = ({ name, key }: { name: string; key: string }) => setOnce({ title: 'Your key', name, secret: key });
  return (
    <>
      <PageHead title="API keys" text="For programs that send events or work with the API. Only a hash of each key is kept."><Button kind="primary" icon="plus" onClick={() => setOpen({ kind: 'create' })}>Create key</Button></PageHead>
      <Paged query={query} what="API keys" icon="key" empty="Create one to send events.">
        {(keys) => (
          <table className="list compact" aria-label="API keys">
            <thead><tr><th scope="col">Key</th><th scope="col">Scopes</th><th scope="col">Status</th><th scope="col">Last used</th><th scope="col">Expires</th><th scope="col"><span className="visually-hidden">Actions</span></th></tr></thead>
            <tbody>
              {keys.map((key) => (
                <tr key={key.id}>
                  <td className="list-main"><span className="row-link">{key.name}</span><span className="faint mono">wary_…{key.hint}</span></td>
                  <td data-label="Scopes"><span className="tags">{key.scopes.map((scope) => <span key={scope} className="tag">{scope}</span>)}</span></td>
                  <td data-label="Status"><span className={key.status === 'active' ? 'tag good' : 'tag bad'}>{sentence(key.status)}</span></td>
                  <td data-label="Last used" className="dim">{key.lastUsedAt === null ? 'Never' : <Ago at={key.lastUsedAt} />}</td>
                  <td data-label="Expires" className="dim">{key.expiresAt === null ? 'Never' : <At at={key.expiresAt} />}</td>
                  <td className="list-actions">{key.status !== 'revoked' && <>
                    <Button className="small" aria-label={`Rotate ${key.name}`} onClick={() => setOpen({ kind: 'rotate', key })}>Rotate</Button>
                    <Button className="small" aria-label={`Revoke ${key.name}`} onClick={() => setOpen({ kind: 'revoke', key })}>Revoke</Button>
                  </>}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Paged>
      {open?.kind === 'create' && <CreateKey onClose={close} onCreated={(key) => { close(); told(key); }} />}
      {open?.kind === 'rotate' && <ConfirmDialog title={`Rotate ${open.key.name}`} text="A new key is made and shown once. The old one works for one more day, so that programs can be changed over." verb="Rotate" onClose={close} onConfirm={async () => told(await rotateApiKey(open.key, GRACE_SECONDS))} />}
      {open?.kind === 'revoke' && <ConfirmDialog title={`Revoke ${open.key.name}`} text="Whatever uses it is refused from now on. This cannot be taken back." verb="Revoke" onClose={close} onConfirm={async () => void await revokeApiKey(open.key)} />}
      {once && <OnceDialog once={once} onClose={() => setOnce(null)} />}
    </>
  );
}

function CreateKey({ onClose, onCreated }: { onClose: () => void; onCreated: (key: { name: string; key: string }) => void }) {
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<readonly Scope[]>(['ingest']);
  const [days, setDays] = useState('');
  return (
    <Dialog title="Create key" onClose={onClose}>
      <Form submit="Create key" disabled={scopes.length === 0} onCancel={onClose} onSubmit={async () => onCreated(await createApiKey({ name: name.trim(), scopes, expiresAt: days === '' ? null : Date.now() + Number(days) * DAY_MS }))}>
        <Field label="Name"><input required maxLength={200} value={name} placeholder="What uses it" onChange={(event) => setName(event.target.value)} /></Field>
        <fieldset className="radios"><legend>Scopes</legend>
          {SCOPES.map((scope) => <label key={scope} className="radio"><input type="checkbox" checked={scopes.includes(scope)} onChange={(event) => setScopes(event.target.checked ? [...scopes, scope] : scopes.filter((each) => each !== scope))} /><span className="radio-text"><span>{sentence(scope)}</span><small>{SCOPE_HINTS[scope]}</small></span></label>)}
        </fieldset>
        <Field label="Expires"><select value={days} onChange={(event) => setDays(event.target.value)}><option value="">Never</option><option value="30">In 30 days</option><option value="90">In 90 days</option><option value="365">In a year</option></select></Field>
      </Form>
    </Dialog>
  );
}
