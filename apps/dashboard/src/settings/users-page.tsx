import type { User } from '@wary/ports/account-store.port.js';
import { ROLES, type Role } from '@wary/model/permissions.js';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { changeUser, createUser, usersQuery } from '../api/admin.js';
import { useMe } from '../app/session.js';
import { Button } from '../ui/button.js';
import { ConfirmDialog } from '../ui/confirm-dialog.js';
import { Dialog } from '../ui/dialog.js';
import { Field, Form } from '../ui/form.js';
import { sentence } from '../ui/format.js';
import { errorText } from '../ui/states.js';
import { Ago } from '../ui/time.js';
import { showToast } from '../ui/toast.js';
import { OnceDialog, type Once } from './once-dialog.js';
import { PageHead } from './page-head.js';
import { Paged } from './paged.js';

export function UsersPage() {
  const query = useInfiniteQuery(usersQuery);
  const [adding, setAdding] = useState(false);
  const [resetting, setResetting] = useState<User | null>(null);
  const [once, setOnce] = useState<Once | null>(null);
  const told = ({ email, password }: { email: string; password?: string }) => { if (password) setOnce({ title: 'Generated password', name: email, secret: password }); };
  async function change(user: User, part: Parameters<typeof changeUser>[1], done: string) {
    try {
      told(await changeUser(user, part));
      showToast(`${done}: ${user.email}`);
    } catch (error) {
      showToast(errorText(error), 'error');
    }
  }
  return (
    <>
      <PageHead title="Users" text="People who sign in. What each role may do stands under Roles; a change is felt in open sessions at once."><Button kind="primary" icon="plus" onClick={() => setAdding(true)}>Add user</Button></PageHead>
      <Paged query={query} what="users" icon="user" empty={null}>
        {(users) => (
          <table className="list compact" aria-label="Users">
            <thead><tr><th scope="col">User</th><th scope="col">Role</th><th scope="col">Status</th><th scope="col">Last sign-in</th><th scope="col"><span className="visually-hidden">Actions</span></th></tr></thead>
            <tbody>{users.map((user) => <Row key={user.id} user={user} onChange={change} onResetFactor={setResetting} />)}</tbody>
          </table>
        )}
      </Paged>
      {adding && <AddUser onClose={() => setAdding(false)} onCreated={(user) => { setAdding(false); told(user); }} />}
      {resetting && <ConfirmDialog title="Reset second factor" text={`${resetting.email} will sign in with the password alone until a new one is set up, and is signed out everywhere. Make sure that it is they who ask.`} verb="Reset second factor" onClose={() => setResetting(null)} onConfirm={() => change(resetting, { resetSecondFactor: true }, 'Second factor reset')} />}
      {once && <OnceDialog once={once} onClose={() => setOnce(null)} />}
    </>
  );
}

function Row({ user, onChange, onResetFactor }: { user: User; onResetFactor: (user: User) => void; onChange: (user: User, part: Parameters<typeof changeUser>[1], done: string) => Promise<void> }) {
  const self = useMe().id === user.id;
  return (
    <tr>
      <td className="list-main"><span className="row-link">{user.name || user.email}</span><span className="faint">{user.email}{self && ' · you'}</span></td>
      <td data-label="Role"><select className="cell-select" aria-label={`Role of ${user.email}`} value={user.role} onChange={(event) => void onChange(user, { role: event.target.value as Role }, 'Role changed')}>{ROLES.map((role) => <option key={role} value={role}>{sentence(role)}</option>)}</select></td>
      <td data-label="Status">{user.disabled ? <span className="tag bad">Disabled</span> : user.mustChangePassword ? <span className="tag accent">Must change password</span> : <span className="tag good">Active</span>}{user.secondFactor && <span className="tag second-factor">Second factor</span>}</td>
      <td data-label="Last sign-in" className="dim">{user.lastSignInAt === null ? 'Never' : <Ago at={user.lastSignInAt} />}</td>
      <td className="list-actions">
        <Button className="small" aria-label={`Reset password of ${user.email}`} onClick={() => void onChange(user, { reset: true }, 'Password reset')}>Reset password</Button>
        {user.secondFactor && <Button className="small" aria-label={`Reset second factor of ${user.email}`} onClick={() => onResetFactor(user)}>Reset second factor</Button>}
        <Button className="small" aria-label={`${user.disabled ? 'Enable' : 'Disable'} ${user.email}`} onClick={() => void onChange(user, { disabled: !user.disabled }, user.disabled ? 'Enabled' : 'Disabled')}>{user.disabled ? 'Enable' : 'Disable'}</Button>
      </td>
    </tr>
  );
}

function AddUser({ onClose, onCreated }: { onClose: () => void; onCreated: (user: { email: string; password?: string }) => void }) {
  const [email, setEmail] = useState('');
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('analyst');
  return (
    <Dialog title="Add user" description="A password is generated and shown once; it has to be changed at the first sign-in." onClose={onClose}>
      <Form submit="Add user" onCancel={onClose} onSubmit={async () => onCreated(await createUser({ email: email.trim(), name: name.trim(), role }))}>
        <Field label="E-mail"><input type="email" required maxLength={320} value={email} onChange={(event) => setEmail(event.target.value)} /></Field>
        <Field label="Name"><input maxLength={200} value={name} onChange={(event) => setName(event.target.value)} /></Field>
        <Field label="Role"><select value={role} onChange={(event) => setRole(event.target.value as Role)}>{ROLES.map((each) => <option key={each} value={each}>{sentence(each)}</option>)}</select></Field>
      </Form>
    </Dialog>
  );
}
