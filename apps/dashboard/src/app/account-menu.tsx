import { Menu } from '@base-ui/react/menu';
import { useNavigate } from '@tanstack/react-router';
import { sendJson } from '../api/http.js';
import { queryClient } from '../api/queries.js';
import { sentence } from '../ui/format.js';
import { Icon } from '../ui/icon.js';
import { setTheme, setTimeZone, useTheme, useTimeZone } from './preferences.js';
import { useMe } from './session.js';

export function AccountMenu({ onSheet }: { onSheet: () => void }) {
  const me = useMe();
  const theme = useTheme();
  const zone = useTimeZone();
  const navigate = useNavigate();

  async function signOut() {
    await sendJson('POST', '/v1/auth/logout', undefined, { anonymous: true }).catch(() => undefined);
    queryClient.clear();
    await navigate({ to: '/sign-in', search: {}, replace: true });
  }

  return (
    <Menu.Root>
      <Menu.Trigger className="account" aria-label={`Account menu, ${me.email}`}>
        <span className="avatar" aria-hidden="true">{(me.name || me.email).slice(0, 1).toUpperCase()}</span>
        <span className="account-text"><span className="account-name">{me.name || me.email}</span><span className="account-role">{sentence(me.role)}</span></span>
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className="popup-position" side="top" align="start" sideOffset={8}>
          <Menu.Popup className="menu">
            <p className="menu-note">{me.email}</p>
            <Menu.Item className="menu-item" onClick={() => void navigate({ to: '/account' })}><Icon name="user" />Password and sessions</Menu.Item>
            <Menu.Item className="menu-item" onClick={() => setTheme(theme === 'dark' ? 'light' : 'dark')}><Icon name={theme === 'dark' ? 'sun' : 'moon'} />{theme === 'dark' ? 'Use the light theme' : 'Use the dark theme'}</Menu.Item>
            <Menu.Item className="menu-item" onClick={() => setTimeZone(zone === 'utc' ? 'local' : 'utc')}><Icon name="clock" />{zone === 'utc' ? 'Show local time' : 'Show UTC'}</Menu.Item>
            <Menu.Item className="menu-item" onClick={onSheet}><Icon name="keyboard" />Keyboard shortcuts</Menu.Item>
            <Menu.Separator className="menu-line" />
            <Menu.Item className="menu-item" onClick={() => void signOut()}><Icon name="left" />Sign out</Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}
