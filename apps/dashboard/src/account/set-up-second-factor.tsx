import { useState } from 'react';
import { sendJson } from '../api/http.js';
import { secondFactorChanged } from '../api/queries.js';
import { Snippet } from '../ui/copy-button.js';
import { Dialog } from '../ui/dialog.js';
import { Field, Form } from '../ui/form.js';
import { QrCode } from './qr-code.js';
import { CodeField } from './code-field.js';
import { RecoveryCodes } from './recovery-codes.js';

interface Begun { readonly secret: string; readonly uri: string }

/** Password, then the secret and a code of it, then the recovery codes: each shown this once. */
export function SetUpSecondFactor({ onClose }: { onClose: () => void }) {
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [begun, setBegun] = useState<Begun | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  async function finish() {
    onClose();
    await secondFactorChanged();
  }
  if (codes) return <RecoveryCodes title="Second factor is on" codes={codes} onClose={() => void finish()} />;
  if (!begun) {
    return (
      <Dialog title="Set up a second factor" description="You need an authenticator app on your phone, or a password manager that makes codes." onClose={onClose}>
        <Form submit="Continue" onCancel={onClose} onSubmit={async () => setBegun(await sendJson<Begun>('POST', '/v1/me/second-factor', { password }))}>
          <Field label="Current password"><input type="password" autoComplete="current-password" required value={password} onChange={(event) => setPassword(event.target.value)} /></Field>
        </Form>
      </Dialog>
    );
  }
  return (
    <Dialog title="Set up a second factor" description="Scan this with the app, or type the key into it. Then enter the code that the app shows." onClose={onClose}>
      <QrCode text={begun.uri} label="QR code with the key for the authenticator app; the key stands below" />
      <Snippet title="Key" code={begun.secret} />
      <Form submit="Turn on" onCancel={onClose} onSubmit={async () => setCodes((await sendJson<{ recoveryCodes: string[] }>('POST', '/v1/me/second-factor/confirm', { code })).recoveryCodes)}>
        <CodeField value={code} onChange={setCode} label="Code" hint="Six digits. Your other sessions end when it is turned on." focus />
      </Form>
    </Dialog>
  );
}
