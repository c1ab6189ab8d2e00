import { Link, Outlet } from '@tanstack/react-router';
import { Suspense } from 'react';
import { useMe } from '../app/session.js';
import { Loading } from '../ui/states.js';
import { SECTIONS } from './sections.js';

export function SettingsLayout() {
  const { actions } = useMe();
  return (
    <div className="page settings">
      <nav className="sections" aria-label="Settings">
        {SECTIONS.filter(({ needs }) => actions.includes(needs)).map(({ to, label }) => <Link key={to} to={to} className="section-link" activeProps={{ 'aria-current': 'page' }}>{label}</Link>)}
      </nav>
      <Suspense fallback={<Loading label="Loading" />}><Outlet /></Suspense>
    </div>
  );
}
