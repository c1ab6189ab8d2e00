import type { Alert } from '@wary/model/alert.js';
import { Tabs } from '@base-ui/react/tabs';
import { useMay } from '../app/session.js';
import { Notes } from '../ui/notes.js';
import { At } from '../ui/time.js';
import { AlertEvents } from './alert-events.js';
import { alertHistory } from './alert-history.js';
import { RelatedAlerts } from './related-alerts.js';
import type { AlertActions } from './use-alert-actions.js';

export function AlertTabs({ alert, actions }: { alert: Alert; actions: AlertActions }) {
  const mayWork = useMay('alerts.work');
  return (
    <Tabs.Root className="tabs" defaultValue="events">
      <Tabs.List className="tab-list" aria-label="More about the alert">
        <Tabs.Tab className="tab" value="events">Events</Tabs.Tab>
        <Tabs.Tab className="tab" value="notes">Notes{alert.notes.length > 0 && <span className="tab-count">{alert.notes.length}</span>}</Tabs.Tab>
        <Tabs.Tab className="tab" value="related">Related</Tabs.Tab>
        <Tabs.Tab className="tab" value="history">History</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel className="tab-panel" value="events"><AlertEvents alert={alert} /></Tabs.Panel>
      <Tabs.Panel className="tab-panel" value="notes"><Notes notes={alert.notes} mayWrite={mayWork} onAdd={(text) => actions.run([alert], { kind: 'notes', text })} /></Tabs.Panel>
      <Tabs.Panel className="tab-panel" value="related"><RelatedAlerts alert={alert} /></Tabs.Panel>
      <Tabs.Panel className="tab-panel" value="history"><ol className="timeline">{alertHistory(alert).map((line, index) => <li key={index}><p>{line.text}{line.by && <span className="dim"> by {line.by}</span>}</p><p className="faint"><At at={line.at} seconds /></p></li>)}</ol></Tabs.Panel>
    </Tabs.Root>
  );
}
