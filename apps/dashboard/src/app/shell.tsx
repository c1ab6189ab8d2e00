import { Link, Outlet, useNavigate } from '@tanstack/react-router';
import { Suspense, useEffect, useState } from 'react';
import { Announcer } from '../live/announcer.js';
import { LiveProvider, useLiveStats, useLiveStatus } from '../live/live-provider.js';
import { Kbd } from '../ui/button.js';
import { formatNumber } from '../ui/format.js';
import { Icon, Logo, type IconName } from '../ui/icon.js';
import { Loading } from '../ui/states.js';
import { undoLatest } from '../ui/toast.js';
import { lazyPart } from './lazy-part.js';
import { AccountMenu } from './account-menu.js';
import { useMe } from './session.js';
import { ShortcutSheet } from './shortcut-sheet.js';
import { useShortcuts } from './shortcuts.js';

const Palette = lazyPart(async () => (await import('./palette.js')).default);

const NAV = [
  { to: '/alerts', label: 'Alerts', icon: 'alerts', key: 'g a' },
  { to: '/incidents', label: 'Incidents', icon: 'incidents', key: 'g i' },
  { to: '/entities', label: 'Entities', icon: 'entities', key: 'g e' },
  { to: '/get-started', label: 'Add data', icon: 'start', key: 'g d' },
  { to: '/settings', label: 'Settings', icon: 'settings', key: 'g s' },
] as const satisfies ReadonlyArray<{ to: string; label: string; icon: IconName; key: string }>;

export function Shell() {
  const { mustChangePassword, mustSetUpSecondFactor } = useMe();
  // Until a generated password is changed, and a second factor set up that is required, nothing else is allowed, the live connection neither.
  if (mustChangePassword || mustSetUpSecondFactor) return <main id="main" tabIndex={-1}><Suspense fallback={<Loading label="Loading" />}><Outlet /></Suspense></main>;
  return <LiveProvider><Frame /></LiveProvider>;
}

function Frame() {
  const navigate = useNavigate();
  const [palette, setPalette] = useState(false);
  const [sheet, setSheet] = useState(false);
  useShortcuts({
    ...Object.fromEntries(NAV.map(({ to, key }) => [key, () => void navigate({ to })])),
    '?': () => setSheet(true),
    z: undoLatest,
  });
  useEffect(() => {
    const open = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === 'k' && (event.metaKey || event.ctrlKey)) {
        event.preventDefault();
        setPalette((shown) => !shown);
      }
    };
    addEventListener('keydown', open);
    return () => removeEventListener('keydown', open);
  }, []);

  return (
    <div className="shell">
      <a className="skip" href="#main">Skip to the content</a>
      <aside className="side">
        <Link to="/alerts" className="brand" aria-label="Wary, alerts"><Logo /><span>Wary</span></Link>
        <button type="button" className="palette-open" onClick={() => setPalette(true)}><Icon name="search" /><span>Search or jump to</span><Kbd>⌘K</Kbd></button>
        <nav aria-label="Main">
          {NAV.map(({ to, label, icon }) => (
            <Link key={to} to={to} className="nav-link" activeProps={{ 'aria-current': 'page' }}><Icon name={icon} size={18} /><span>{label}</span></Link>
          ))}
        </nav>
        <div className="side-foot">
          <StreamState />
          <AccountMenu onSheet={() => setSheet(true)} />
        </div>
      </aside>
      <div className="content">
        <OfflineBanner />
        <main id="main" tabIndex={-1}><Suspense fallback={<Loading label="Loading" />}><Outlet /></Suspense></main>
      </div>
      <Announcer />
      {palette && <Suspense fallback={null}><Palette onClose={() => setPalette(false)} onSheet={() => setSheet(true)} /></Suspense>}
      {sheet && <ShortcutSheet onClose={() => setSheet(false)} />}
    </div>
  );
}

function StreamState() {
  const status = useLiveStatus();
  const stats = useLiveStats();
  const word = status === 'live' ? 'Live' : status === 'connecting' ? 'Connecting' : 'Offline';
  return (
    <p className={`stream ${status}`}>
      <span className="stream-dot" aria-hidden="true" />
      <span className="stream-word">{word}</span>
      {status === 'live' && stats && <span className="stream-rate">{formatNumber(stats.eventsPerSecond)} events/s</span>}
    </p>
  );
}

function OfflineBanner() {
  const status = useLiveStatus();
  const [shown, setShown] = useState(false);
  // A short break heals unseen; only a lasting one deserves a banner.
  useEffect(() => {
    const timer = setTimeout(() => setShown(status === 'offline'), status === 'offline' ? 1_500 : 0);
    return () => clearTimeout(timer);
  }, [status]);
  return <div role="status">{shown && <p className="banner"><Icon name="offline" />The live connection is down. What you see may be old; it catches up by itself when the connection is back.</p>}</div>;
}
