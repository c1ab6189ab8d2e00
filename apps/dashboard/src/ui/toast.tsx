import { useSyncExternalStore } from 'react';
import { IconButton } from './button.js';

interface Toast { readonly id: number; readonly text: string; readonly kind: 'ok' | 'error' }
const SHOWN_MS = 6_000;
let toasts: readonly Toast[] = [];
let nextId = 1;
const listeners = new Set<() => void>();
const emit = (next: readonly Toast[]) => {
  toasts = next;
  for (const listener of listeners) listener();
};
const dismiss = (id: number) => emit(toasts.filter((toast) => toast.id !== id));

/** A short message on what just happened. Errors stay until they are closed. */
export function showToast(text: string, kind: Toast['kind'] = 'ok'): void {
  const id = nextId++;
  emit([...toasts.filter((toast) => toast.text !== text), { id, text, kind }].slice(-4));
  if (kind === 'ok') setTimeout(() => dismiss(id), SHOWN_MS);
}

export function Toasts() {
  const shown = useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, () => toasts);
  return (
    <div className="toasts" role="status">
      {shown.map((toast) => (
        <div key={toast.id} className={`toast ${toast.kind}`}>
          <span>{toast.text}</span>
          <IconButton icon="close" label="Close the message" onClick={() => dismiss(toast.id)} />
        </div>
      ))}
    </div>
  );
}
