import { useSyncExternalStore } from 'react';
import { Button, IconButton } from './button.js';

export interface ToastAction { readonly label: string; readonly run: () => void }
interface Toast { readonly id: number; readonly text: string; readonly kind: 'ok' | 'error'; readonly action: ToastAction | null }
const SHOWN_MS = 6_000;
const WITH_ACTION_MS = 10_000;
let toasts: readonly Toast[] = [];
let nextId = 1;
const listeners = new Set<() => void>();
const timers = new Map<number, ReturnType<typeof setTimeout>>();
const emit = (next: readonly Toast[]) => {
  toasts = next;
  for (const listener of listeners) listener();
};
const dismiss = (id: number) => {
  clearTimeout(timers.get(id));
  timers.delete(id);
  emit(toasts.filter((toast) => toast.id !== id));
};
const leaveAfter = (id: number, ms: number) => {
  clearTimeout(timers.get(id));
  timers.set(id, setTimeout(() => dismiss(id), ms));
};

/** A short message on what just happened, perhaps with a way to take it back. Errors stay until they are dismissed. */
export function showToast(text: string, kind: Toast['kind'] = 'ok', action: ToastAction | null = null): void {
  const id = nextId++;
  emit([...toasts.filter((toast) => toast.text !== text), { id, text, kind, action }].slice(-4));
  if (kind === 'ok') leaveAfter(id, action ? WITH_ACTION_MS : SHOWN_MS);
}

function act(toast: Toast): void {
  dismiss(toast.id);
  toast.action?.run();
}

/** Runs the newest offer to take something back, while it is still shown. */
export function undoLatest(): void {
  const latest = toasts.findLast((toast) => toast.action !== null);
  if (latest) act(latest);
}

export function Toasts() {
  const shown = useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, () => toasts);
  return (
    <div className="toasts" role="status" aria-label="Messages">
      {shown.map((toast) => {
        // Time stands still while a person is at the message (WCAG 2.2.1).
        const hold = () => clearTimeout(timers.get(toast.id));
        const go = () => { if (toast.kind === 'ok') leaveAfter(toast.id, SHOWN_MS); };
        return (
          <div key={toast.id} className={`toast ${toast.kind}`} onPointerEnter={hold} onPointerLeave={go} onFocus={hold} onBlur={go}>
            <span className="toast-text">{toast.text}</span>
            {toast.action && <Button kind="quiet" className="small" shortcut="z" onClick={() => act(toast)}>{toast.action.label}</Button>}
            <IconButton icon="close" label="Dismiss the message" onClick={() => dismiss(toast.id)} />
          </div>
        );
      })}
    </div>
  );
}
