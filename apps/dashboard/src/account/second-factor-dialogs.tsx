import { useState, type ReactNode } from 'react';
import { sendJson } from '../api/http.js';
import { secondFactorChanged } from '../api/queries.js';
import { Dialog } from '../ui/dialog.js';
import { Field, Form } from '../ui/form.js';
import { showToast } from '../ui/toast.js';
import { CodeField } from './code-field.js';
import { RecoveryCodes } from './recovery-codes.js';

type Send = (body: { password: string; code: string }) => Promise<void>;

/** For what an open session alone must not be enough for. */
function PasswordAndCode({ title, text, verb, danger = false, onSubmit, onClose }: { title: string; text: ReactNode; verb: string; danger?: boolean; onSubmit: Send; onClose: () => void }) {
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  return (
    <Dialog title={title} description={text} onClose={onClose}>
      <Form submit={verb} danger={danger} onCancel={onClose} onSubmit={() => onSubmit({ password, code })}>
        <Field label="Current password"><input type="password" autoComplete="current-password" required value={password} onChange={(event) => setPassword(event.target.value)} /></Field>
        <CodeField value={code} onChange={setCode} label="Code" hint="Of the authenticator app, or a recovery code." />
      </Form>
    </Dialog>
  );
}

export function RenewRecoveryCodes({ onClose }: { onClose: () => void }) {
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  async function renew(body: { password: string; code: string }) {
    setCodes((await sendJson<{ recoveryCodes: string[] }>('POST', '/v1/me/second-factor/recovery-codes', body)).recoveryCodes);
    await secondFactorChanged();
  }
  if (codes) return <RecoveryCodes title="New recovery codes" codes={codes} onClose={onClose} />;
  return <PasswordAndCode title="New recovery codes" text="The present ones are good no more as soon as you have new ones." verb="Make new codes" onSubmit={renew} onClose={onClose} />;
}

export function TurnOffSecondFactor({ onClose }: { onClose: () => void }) {
  async function turnOff(body: { password: string; code: string }) {
    await sendJson('POST', '/v1/me/second-factor/disable', body);
    showToast('Second factor is off; your other sessions have ended');
    onClose();
    await secondFactorChanged();
  }
  return <PasswordAndCode title="Turn the second factor off" text="Then the password alone signs you in. Your other sessions end." verb="Turn off" danger onSubmit={turnOff} onClose={onClose} />;
}
