import { useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { useState, type FormEvent } from 'react';
import { ApiError, sendJson } from '../api/http.js';
import { queryClient } from '../api/queries.js';
import { Button } from '../ui/button.js';
import { Logo } from '../ui/icon.js';
import { useTitle } from './title.js';

/** Only a path of this site may follow the sign-in: never another host. */
export const safeNext = (next: string | undefined): string => (next && /^\/(?![/\\])/.test(next) ? next : '/alerts');

/** The refusals of a sign-in in words that say what to do. */
function problemText(error: unknown): string {
  if (!(error instanceof ApiError)) return (error as Error).message;
  if (error.status === 429) return `Too many attempts. Wait ${error.retryAfterSeconds || 'a few'} seconds, then try again.`;
  if (error.code === 'bad_second_factor') return 'The code is wrong, too old or was used already. Wait for the next one.';
  if (error.code === 'challenge_expired') return 'That took too long. Sign in again.';
  return error.status === 401 ? 'E-mail or password is wrong.' : error.message;
}

export function SignInPage() {
  const { next } = useSearch({ from: '/sign-in' });
  const navigate = useNavigate();
  const router = useRouter();
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  /** Of the first step, when the second waits. */
  const [challenge, setChallenge] = useState<string | null>(null);
  useTitle('Sign in');

  async function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setProblem('');
    try {
      if (challenge === null) await sendJson('POST', '/v1/auth/login', { email: String(form.get('email')).trim(), password: form.get('password') }, { anonymous: true });
      else await sendJson('POST', '/v1/auth/login/second-factor', { challenge, code: String(form.get('code')).trim() }, { anonymous: true });
      queryClient.clear();
      await router.invalidate();
      await navigate({ to: safeNext(next), replace: true });
    } catch (error) {
      if (error instanceof ApiError && error.challenge !== null) {
        setChallenge(error.challenge);
      } else {
        if (error instanceof ApiError && error.code === 'challenge_expired') setChallenge(null);
        setProblem(problemText(error));
      }
      setBusy(false);
    }
  }

  return (
    <main className="sign-in">
      <form key={challenge === null ? 'password' : 'code'} className="sign-in-card" onSubmit={(event) => void send(event)}>
        <div className="sign-in-head"><Logo size={40} /><h1>{challenge === null ? 'Sign in to Wary' : 'Enter your code'}</h1><p className="dim">{challenge === null ? 'Anomaly and insider-threat monitoring for AI systems' : 'Of your authenticator app, or a recovery code'}</p></div>
        {next && challenge === null && <p className="notice">Your session has ended, or you followed a link. Sign in to go on where you were.</p>}
        {challenge === null ? (
          <>
            <label className="field"><span>Email</span><input name="email" type="email" autoComplete="username" required autoFocus /></label>
            <label className="field"><span>Password</span><input name="password" type="password" autoComplete="current-password" required /></label>
          </>
        ) : <label className="field"><span>Code</span><input name="code" className="mono" autoComplete="one-time-code" autoCapitalize="none" spellCheck={false} required minLength={6} maxLength={64} autoFocus /></label>}
        <p className="field-problem" role="alert">{problem}</p>
        <Button type="submit" kind="primary" busy={busy} className="full">Sign in</Button>
        {challenge !== null && <Button kind="quiet" className="full" onClick={() => { setChallenge(null); setProblem(''); }}>Back</Button>}
      </form>
    </main>
  );
}
