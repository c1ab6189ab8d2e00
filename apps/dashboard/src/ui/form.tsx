import { cloneElement, useId, useState, type FormEvent, type ReactElement, type ReactNode } from 'react';
import { Button } from './button.js';
import { errorText } from './states.js';

/** A form with its submit button, its busy state, and the refusal in words. Ctrl or ⌘ with Enter submits from anywhere in it. */
export function Form({ submit, onSubmit, onCancel, danger = false, disabled = false, children }: { submit: string; onSubmit: () => Promise<void> | void; onCancel?: () => void; danger?: boolean; disabled?: boolean; children: ReactNode }) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  async function send(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (busy || disabled) return;
    setBusy(true);
    setProblem('');
    try {
      await onSubmit();
    } catch (error) {
      setProblem(errorText(error));
    } finally {
      setBusy(false);
    }
  }
  return (
    <form className="form" onSubmit={(event) => void send(event)} onKeyDown={(event) => { if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit(); }}>
      {children}
      <p className="field-problem" role="alert">{problem}</p>
      <div className="form-foot">
        {onCancel && <Button kind="quiet" onClick={onCancel}>Cancel</Button>}
        <Button type="submit" kind={danger ? 'danger' : 'primary'} busy={busy} disabled={disabled}>{submit}</Button>
      </div>
    </form>
  );
}

export interface Described { 'aria-describedby'?: string | undefined }

/** A labelled control; the hint describes it and is no part of its name. The child passes `aria-describedby` on to its control. */
export function Field({ label, hint, children }: { label: string; hint?: string | undefined; children: ReactElement<Described> }) {
  const id = useId();
  return (
    <div className="field">
      <label className="field-label"><span>{label}</span>{hint ? cloneElement(children, { 'aria-describedby': id }) : children}</label>
      {hint && <small className="field-hint" id={id}>{hint}</small>}
    </div>
  );
}

export function TextArea({ label, hint, value, onChange, required, placeholder, rows = 3, maxLength = 2_000 }: { label: string; hint?: string; value: string; onChange: (value: string) => void; required?: boolean; placeholder?: string; rows?: number; maxLength?: number }) {
  return <Field label={label} hint={hint}><textarea rows={rows} value={value} required={required} placeholder={placeholder} maxLength={maxLength} onChange={(event) => onChange(event.target.value)} /></Field>;
}

export interface RadioOption<T extends string> { readonly value: T; readonly label: string; readonly hint?: string }

export function RadioList<T extends string>({ legend, name, value, options, onChange }: { legend: string; name: string; value: T; options: ReadonlyArray<RadioOption<T>>; onChange: (value: T) => void }) {
  const id = useId();
  return (
    <fieldset className="radios">
      <legend>{legend}</legend>
      {options.map((option) => (
        <label key={option.value} className="radio">
          <input type="radio" name={name} value={option.value} aria-labelledby={`${id}-${option.value}`} aria-describedby={option.hint ? `${id}-${option.value}-hint` : undefined} checked={value === option.value} data-autofocus={value === option.value || undefined} onChange={() => onChange(option.value)} />
          <span className="radio-text"><span id={`${id}-${option.value}`}>{option.label}</span>{option.hint && <small id={`${id}-${option.value}-hint`}>{option.hint}</small>}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** One of a few views; the pressed one is shown. */
export function Segmented<T extends string>({ label, value, options, onChange }: { label: string; value: T; options: ReadonlyArray<readonly [T, string]>; onChange: (value: T) => void }) {
  return (
    <div className="segmented" role="group" aria-label={label}>
      {options.map(([key, text]) => <button key={key} type="button" aria-pressed={key === value} onClick={() => onChange(key)}>{text}</button>)}
    </div>
  );
}
