import { Field } from '../ui/form.js';

/** A code of the app, or a recovery code: text, because the second has letters. */
export function CodeField({ value, onChange, label, hint, focus = false }: { value: string; onChange: (value: string) => void; label: string; hint?: string; focus?: boolean }) {
  return (
    <Field label={label} hint={hint}>
      <input className="mono" autoComplete="one-time-code" autoCapitalize="none" spellCheck={false} required minLength={6} maxLength={64} data-autofocus={focus || undefined} value={value} onChange={(event) => onChange(event.target.value)} />
    </Field>
  );
}
