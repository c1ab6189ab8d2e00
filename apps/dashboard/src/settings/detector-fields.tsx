import type { DetectorView } from '../api/admin.js';
import { Field } from '../ui/form.js';
import type { DetectorDraft } from './detector-change.js';
import { settingWords } from './setting-words.js';

/** Weight and thresholds with their bounds; an empty field means the default. */
export function DetectorFields({ detector, draft, onChange }: { detector: DetectorView; draft: DetectorDraft; onChange: (draft: DetectorDraft) => void }) {
  return (
    <>
      {detector.type === 'behavioral' && <Field label="Weight" hint={`Its part of the alert budget: ${detector.weight.min}–${detector.weight.max}, usually ${detector.weight.default}`}><input type="number" step="any" min={detector.weight.min} max={detector.weight.max} value={draft.weight} onChange={(event) => onChange({ ...draft, weight: event.target.value })} /></Field>}
      {detector.thresholds.map(({ name, min, max, default: usual }) => (
        <Field key={name} label={settingWords(name)} hint={`${min}–${max}, usually ${usual}`}><input type="number" step="any" min={min} max={max} value={draft.values[name] ?? ''} onChange={(event) => onChange({ ...draft, values: { ...draft.values, [name]: event.target.value } })} /></Field>
      ))}
    </>
  );
}
