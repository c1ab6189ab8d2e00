import { Dialog } from '../ui/dialog.js';
import { setShortcuts, useShortcutsOn } from './preferences.js';

const GROUPS = [
  { title: 'Alert queue', keys: [['j', 'Next alert'], ['k', 'Previous alert'], ['Enter', 'Open the alert'], ['x', 'Select'], ['Space', 'Pause or resume the stream'], ['n', 'Show the new ones'], ['/', 'Search'], ['Esc', 'Close the drawer, clear the selection']] },
  { title: 'Act on an alert', keys: [['a', 'Acknowledge'], ['s', 'Suppress'], ['e', 'Resolve'], ['i', 'Assign to me'], ['c', 'Create an incident'], ['z', 'Undo, while it is offered']] },
  { title: 'Everywhere', keys: [['⌘K', 'Search or jump to'], ['g a', 'Go to alerts'], ['g i', 'Go to incidents'], ['g e', 'Go to entities'], ['g d', 'Go to add data'], ['g s', 'Go to settings'], ['?', 'This sheet']] },
] as const;

export function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const on = useShortcutsOn();
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose} wide>
      <div className="sheet">
        {GROUPS.map(({ title, keys }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>{keys.map(([key, meaning]) => <div key={key}><dt>{key.split(' ').map((part) => <kbd className="kbd" key={part}>{part}</kbd>)}</dt><dd>{meaning}</dd></div>)}</dl>
          </section>
        ))}
      </div>
      <label className="check"><input type="checkbox" checked={on} onChange={(event) => setShortcuts(event.target.checked)} />Single-key shortcuts are on</label>
    </Dialog>
  );
}
