import { setShortcuts, setTheme, setTimeZone, useChosenTheme, useShortcutsOn, useTimeZone } from '../app/preferences.js';
import { RadioList } from '../ui/form.js';

export function Preferences() {
  const theme = useChosenTheme();
  const zone = useTimeZone();
  const shortcuts = useShortcutsOn();
  return (
    <section className="part" aria-labelledby="preferences">
      <h2 id="preferences">Preferences</h2>
      <p className="dim">They stay in this browser.</p>
      <div className="radio-rows">
        <RadioList legend="Theme" name="theme" value={theme ?? 'system'} onChange={(value) => setTheme(value === 'system' ? null : value)} options={[{ value: 'system', label: 'As the system' }, { value: 'dark', label: 'Dark' }, { value: 'light', label: 'Light' }]} />
        <RadioList legend="Times" name="zone" value={zone} onChange={setTimeZone} options={[{ value: 'local', label: 'Local' }, { value: 'utc', label: 'UTC' }]} />
      </div>
      <label className="check"><input type="checkbox" checked={shortcuts} onChange={(event) => setShortcuts(event.target.checked)} />Single-key shortcuts are on</label>
    </section>
  );
}
