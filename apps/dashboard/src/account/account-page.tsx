import { useTitle } from '../app/title.js';
import { useMe } from '../app/session.js';
import { sentence } from '../ui/format.js';
import { PasswordForm } from './password-form.js';
import { Preferences } from './preferences-form.js';
import { SecondFactor } from './second-factor.js';
import { Sessions } from './sessions.js';

export function AccountPage() {
  const me = useMe();
  useTitle('Account');
  return (
    <div className="page narrow">
      <div className="page-head"><h1 className="page-title">Account</h1></div>
      <p className="dim">{me.email} · {sentence(me.role)}</p>
      {me.mustChangePassword && <div className="banner-box" role="status">You signed in with a generated password. Choose your own before you go on.</div>}
      {!me.mustChangePassword && me.mustSetUpSecondFactor && <div className="banner-box" role="status">A second factor is required here. Set yours up before you go on.</div>}
      <div className="parts">
        {!me.mustChangePassword && me.mustSetUpSecondFactor && <SecondFactor />}
        <PasswordForm />
        {!me.mustChangePassword && !me.mustSetUpSecondFactor && <><SecondFactor /><Preferences /><Sessions /></>}
      </div>
    </div>
  );
}
