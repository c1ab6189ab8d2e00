import { useState } from 'react';
import { sendJson } from '../api/http.js';
import { meQuery, queryClient, sessionsQuery } from '../api/queries.js';
import { Field, Form } from '../ui/form.js';
import { showToast } from '../ui/toast.js';

const PASSWORD_CHARS_MIN = 12;

export function PasswordForm() {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  async function change() {
    if (next !== again) throw new Error('The two new passwords differ.');
    await sendJson('POST', '/v1/me/password', { current, next });
    setCurrent('');
    setNext('');
    setAgain('');
    showToast('Password changed; your other sessions have ended');
    await Promise.all([queryClient.invalidateQueries(sessionsQuery), queryClient.invalidateQueries(meQuery)]);
  }
  return (
    <section className="part" aria-labelledby="password">
      <h2 id="password">Password</h2>
      <Form submit="Change password" onSubmit={change}>
        <Field label="Current password"><input type="password" autoComplete="current-password" required value={current} onChange={(event) => setCurrent(event.target.value)} /></Field>
        <Field label="New password" hint={`At least ${PASSWORD_CHARS_MIN} characters; a sentence is fine. Password managers are welcome.`}><input type="password" autoComplete="new-password" required minLength={PASSWORD_CHARS_MIN} value={next} onChange={(event) => setNext(event.target.value)} /></Field>
        <Field label="Repeat it"><input type="password" autoComplete="new-password" required value={again} onChange={(event) => setAgain(event.target.value)} /></Field>
      </Form>
    </section>
  );
}
