import { Dialog as Base } from '@base-ui/react/dialog';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Command } from 'cmdk';
import { useDeferredValue, useEffect, useState } from 'react';
import { alertsQuery, entitiesQuery, incidentsQuery } from '../api/queries.js';
import { SECTIONS } from '../settings/sections.js';
import { Icon, type IconName } from '../ui/icon.js';
import { SeverityIcon } from '../ui/severity.js';
import { useMe } from './session.js';
import { setTheme, setTimeZone, useTheme, useTimeZone } from './preferences.js';

const PAGES = [['Alerts', '/alerts', 'alerts'], ['Incidents', '/incidents', 'incidents'], ['Entities', '/entities', 'entities'], ['Add data', '/get-started', 'start'], ['Password and sessions', '/account', 'user']] as const satisfies ReadonlyArray<readonly [string, string, IconName]>;

/** cmdk names the item that was selected when it last looked; results that came since have taken it away. This keeps the name true. */
function useActiveDescendant(box: HTMLElement | null): void {
  useEffect(() => {
    const root = box?.closest('[cmdk-root]');
    if (!box || !root) return;
    const sync = () => {
      const id = box.querySelector('[cmdk-item][aria-selected=true]')?.id;
      for (const element of root.querySelectorAll('[cmdk-input], [cmdk-list]')) {
        if (!id) element.removeAttribute('aria-activedescendant');
        else if (element.getAttribute('aria-activedescendant') !== id) element.setAttribute('aria-activedescendant', id);
      }
    };
    const observer = new MutationObserver(sync);
    observer.observe(root, { subtree: true, childList: true, attributeFilter: ['aria-selected', 'aria-activedescendant'] });
    return () => observer.disconnect();
  }, [box]);
}

/** Search over alerts, incidents and entities, and every page and preference, from anywhere. */
export default function Palette({ onClose, onSheet }: { onClose: () => void; onSheet: () => void }) {
  const [text, setText] = useState('');
  const q = useDeferredValue(text.trim());
  const navigate = useNavigate();
  const theme = useTheme();
  const zone = useTimeZone();
  const { actions } = useMe();
  const pages = [...PAGES, ...SECTIONS.filter(({ needs }) => actions.includes(needs)).map(({ label, to }) => [`Settings: ${label}`, to, 'settings'] as const)];
  const wanted = q.length >= 2;
  const entities = useQuery({ ...entitiesQuery(q), enabled: wanted });
  const alerts = useQuery({ ...alertsQuery({ q, limit: 6 }), enabled: wanted });
  const incidents = useQuery({ ...incidentsQuery({ q, limit: 4 }), enabled: wanted });
  const [chosen, setChosen] = useState('');
  const [list, setList] = useState<HTMLDivElement | null>(null);
  // Results come and go: when the chosen one is gone, the first takes its place, so that Enter and a screen reader find something.
  useEffect(() => {
    const items = [...(list?.querySelectorAll<HTMLElement>('[cmdk-item]') ?? [])];
    if (items.length > 0 && !items.some((item) => item.dataset.value === chosen)) setChosen(items[0]!.dataset.value ?? '');
  });
  useActiveDescendant(list);
  const run = (action: () => void) => () => {
    onClose();
    action();
  };
  const hit = (label: string) => q === '' || label.toLowerCase().includes(q.toLowerCase());

  return (
    <Base.Root open onOpenChange={(open) => { if (!open) onClose(); }}>
      <Base.Portal>
        <Base.Backdrop className="scrim" />
        <Base.Popup className="palette" aria-label="Search or jump to">
          <Command label="Search or jump to" shouldFilter={false} loop value={chosen} onValueChange={setChosen}>
            <div className="palette-input"><Icon name="search" /><Command.Input value={text} onValueChange={setText} placeholder="Search alerts, incidents, entities, pages" autoFocus /></div>
            <Command.List className="palette-list" ref={setList}>
              <Command.Empty className="palette-empty">{entities.isFetching || alerts.isFetching ? 'Searching' : 'Nothing found'}</Command.Empty>
              {wanted && (entities.data?.items.length ?? 0) > 0 && (
                <Command.Group heading="Entities">
                  {entities.data!.items.slice(0, 6).map(({ entity, peerGroup }) => (
                    <Command.Item key={`${entity.type}:${entity.id}`} value={`entity ${entity.type}:${entity.id}`} onSelect={run(() => void navigate({ to: '/entities/$type/$id', params: entity }))}>
                      <Icon name="entities" /><span className="grow clip">{entity.id}</span><span className="dim">{entity.type}{peerGroup && ` · ${peerGroup}`}</span>
                    </Command.Item>
                  ))}
                </Command.Group>
              )}
              {wanted && (alerts.data?.items.length ?? 0) > 0 && (
                <Command.Group heading="Alerts">
                  {alerts.data!.items.map((alert) => (
                    <Command.Item key={alert.id} value={`alert ${alert.id}`} onSelect={run(() => void navigate({ to: '/alerts/$id', params: { id: alert.id } }))}>
                      <SeverityIcon severity={alert.severity} /><span className="grow clip">{alert.title}</span><span className="dim clip">{alert.entity.id}</span>
                    </Command.Item>
                  ))}
                </Command.Group>
              )}
              {wanted && (incidents.data?.items.length ?? 0) > 0 && (
                <Command.Group heading="Incidents">
                  {incidents.data!.items.map((incident) => (
                    <Command.Item key={incident.id} value={`incident ${incident.id}`} onSelect={run(() => void navigate({ to: '/incidents/$id', params: { id: incident.id } }))}>
                      <SeverityIcon severity={incident.severity} /><span className="grow clip">#{incident.number} {incident.title}</span><span className="dim">{incident.state}</span>
                    </Command.Item>
                  ))}
                </Command.Group>
              )}
              <Command.Group heading="Go to">
                {pages.filter(([label]) => hit(label)).map(([label, to, icon]) => <Command.Item key={to} value={`page ${to}`} onSelect={run(() => void navigate({ to }))}><Icon name={icon} />{label}</Command.Item>)}
              </Command.Group>
              <Command.Group heading="Preferences">
                {hit('theme dark light') && <Command.Item value="theme" onSelect={run(() => setTheme(theme === 'dark' ? 'light' : 'dark'))}><Icon name={theme === 'dark' ? 'sun' : 'moon'} />{theme === 'dark' ? 'Use the light theme' : 'Use the dark theme'}</Command.Item>}
                {hit('time utc local') && <Command.Item value="zone" onSelect={run(() => setTimeZone(zone === 'utc' ? 'local' : 'utc'))}><Icon name="clock" />{zone === 'utc' ? 'Show local time' : 'Show UTC'}</Command.Item>}
                {hit('keyboard shortcuts') && <Command.Item value="sheet" onSelect={run(onSheet)}><Icon name="keyboard" />Keyboard shortcuts</Command.Item>}
              </Command.Group>
            </Command.List>
          </Command>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
