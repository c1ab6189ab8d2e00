import { useTitle } from '../app/title.js';
import { useMe } from '../app/session.js';
import { sentence } from '../ui/format.js';
import { PasswordForm } from './password-form.js';
import { Preferences } from './preferences-form.js';
import { Sessions } from './sessions.js';

export function AccountPage() {
  const me = useMe();
  useTitle('Account');
  return (
    <div className="page narrow">
      <div className="page-head"><h1 className="page-title">Account</h1></div>
      <p className="dim">{me.email} · {sentence(me.role)}</p>
      {me.mustChangePassword && <div className="banner-box" role="status">You signed in with a generated password. Choose your own before you go on.</div>}
      <div className="parts">
        <PasswordForm />
        {!me.mustChangePassword && <><Preferences /><Sessions /></>}
      </div>
    </div>
  );
}
