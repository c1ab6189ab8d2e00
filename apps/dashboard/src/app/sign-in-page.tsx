import { useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { ApiError, sendJson } from '../api/http.js';
import { queryClient } from '../api/queries.js';
import { Button } from '../ui/button.js';
import { Logo } from '../ui/icon.js';
import { useTitle } from './title.js';

/** Only a path of this site may follow the sign-in: never another host. */
export const safeNext = (next: string | undefined): string => (next && /^\/(?![/\\])/.test(next) ? next : '/alerts');

export function SignInPage() {
  const { next } = useSearch({ from: '/sign-in' });
  const navigate = useNavigate();
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  useTitle('Sign in');

  async function signIn(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setProblem('');
    try {
      await sendJson('POST', '/v1/auth/login', { email: String(form.get('email')).trim(), password: form.get('password') }, { anonymous: true });
      queryClient.clear();
      await router.invalidate();
      await navigate({ to: safeNext(next), replace: true });
    } catch (error) {
      setProblem(error instanceof ApiError && error.status === 429 ? `Too many attempts. Wait ${error.retryAfterSeconds || 'a few'} seconds, then try again.` : error instanceof ApiError && error.status === 401 ? 'E-mail or password is wrong.' : (error as Error).message);
      setBusy(false);
    }
  }

  return (
    <main className="sign-in">
      <form className="sign-in-card" onSubmit={(event) => void signIn(event)}>
        <div className="sign-in-head"><Logo size={40} /><h1>Sign in to Wary</h1><p className="dim">Anomaly and insider-threat monitoring for AI systems</p></div>
        {next && <p className="notice">Your session has ended, or you followed a link. Sign in to go on where you were.</p>}
        <label className="field"><span>Email</span><input name="email" type="email" autoComplete="username" required autoFocus /></label>
        <label className="field"><span>Password</span><input name="password" type="password" autoComplete="current-password" required /></label>
        <p className="field-problem" role="alert">{problem}</p>
        <Button type="submit" kind="primary" busy={busy} className="full">Sign in</Button>
      </form>
    </main>
  );
}
