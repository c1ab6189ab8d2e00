import type { Entity } from '@wary/model/entity.js';
import { useState } from 'react';
import { rebaseline } from '../api/actions.js';
import { useMay } from '../app/session.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { Form, TextArea } from '../ui/form.js';

/** The audited act that begins the baselines of an entity anew. */
export function Rebaseline({ entity }: { entity: Entity }) {
  const [open, setOpen] = useState(false);
  const [reason, setReason] = useState('');
  const close = (): void => { setOpen(false); setReason(''); };
  if (!useMay('detectors.tune')) return null;
  return (
    <>
      <Button kind="quiet" onClick={() => setOpen(true)}>Begin anew</Button>
      {open && (
        <Dialog title="Begin these baselines anew" description={`What ${entity.id} did before counts for little from now on, and its peers speak beside it. This cannot be taken back; the audit keeps it with its reason.`} onClose={close}>
          <Form submit="Begin anew" danger onCancel={close} onSubmit={async () => { await rebaseline(entity, reason.trim()); close(); }}>
            <TextArea label="Reason" value={reason} onChange={setReason} required maxLength={1_000} placeholder="What is different now, and who said so" />
          </Form>
        </Dialog>
      )}
    </>
  );
}
