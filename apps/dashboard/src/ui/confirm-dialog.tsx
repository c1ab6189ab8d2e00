import { Dialog } from './dialog.js';
import { Form } from './form.js';

/** For what cannot be taken back: says what will happen, and waits. */
export function ConfirmDialog({ title, text, verb, onConfirm, onClose }: { title: string; text: string; verb: string; onConfirm: () => Promise<void>; onClose: () => void }) {
  return (
    <Dialog title={title} onClose={onClose}>
      <Form submit={verb} danger onCancel={onClose} onSubmit={async () => { await onConfirm(); onClose(); }}><p>{text}</p></Form>
    </Dialog>
  );
}
