import { useState } from 'react';
import { changeDetector, type DetectorView } from '../api/admin.js';
import { Dialog } from '../ui/dialog.js';
import { Field, Form } from '../ui/form.js';
import { showToast } from '../ui/toast.js';
import { settingWords } from './setting-words.js';

/** Weight and thresholds with their bounds; an empty field means the default. */
export function DetectorForm({ detector, onClose }: { detector: DetectorView; onClose: () => void }) {
  const [weight, setWeight] = useState(String(detector.weight.value));
  const [values, setValues] = useState<Readonly<Record<string, string>>>(() => Object.fromEntries(detector.thresholds.map(({ name, value }) => [name, String(value)])));
  async function save() {
    const thresholds = Object.fromEntries(detector.thresholds.map(({ name, default: usual }) => { const text = values[name]!.trim(); return [name, text === '' || Number(text) === usual ? null : Number(text)]; }));
    await changeDetector(detector, { ...(detector.deterministic ? {} : { weight: weight.trim() === '' ? detector.weight.default : Number(weight) }), ...(detector.thresholds.length > 0 ? { thresholds } : {}) });
    showToast(`Tuned: ${detector.name}`);
    onClose();
  }
  const nothing = detector.deterministic && detector.thresholds.length === 0;
  return (
    <Dialog title={`Tune ${detector.name}`} description={nothing ? 'It has nothing to tune: it speaks from evidence.' : 'Leave a field empty for its default.'} onClose={onClose}>
      <Form submit="Save" disabled={nothing} onSubmit={save} onCancel={onClose}>
        {!detector.deterministic && <Field label="Weight" hint={`Its part of the alert budget: ${detector.weight.min}–${detector.weight.max}, usually ${detector.weight.default}`}><input type="number" step="any" min={detector.weight.min} max={detector.weight.max} value={weight} onChange={(event) => setWeight(event.target.value)} /></Field>}
        {detector.thresholds.map(({ name, min, max, default: usual }) => (
          <Field key={name} label={settingWords(name)} hint={`${min}–${max}, usually ${usual}`}><input type="number" step="any" min={min} max={max} value={values[name]} onChange={(event) => setValues({ ...values, [name]: event.target.value })} /></Field>
        ))}
      </Form>
    </Dialog>
  );
}
