import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { changeDetector, type DetectorView } from '../api/admin.js';
import { Dialog } from '../ui/dialog.js';
import { Form } from '../ui/form.js';
import { showToast } from '../ui/toast.js';
import { changeOf, draftOf } from './detector-change.js';
import { DetectorFields } from './detector-fields.js';

export function DetectorForm({ detector, onClose }: { detector: DetectorView; onClose: () => void }) {
  const [draft, setDraft] = useState(() => draftOf(detector));
  async function save() {
    const change = changeOf(detector, draft);
    if (change !== null) {
      await changeDetector(detector, change);
      showToast(`Tuned: ${detector.name}`);
    }
    onClose();
  }
  const nothing = detector.type !== 'behavioral' && detector.thresholds.length === 0;
  return (
    <Dialog title={`Tune ${detector.name}`} description={nothing ? 'It has nothing to tune: it speaks from evidence.' : 'Leave a field empty for its default.'} onClose={onClose}>
      <Form submit="Save" disabled={nothing} onSubmit={save} onCancel={onClose}>
        <DetectorFields detector={detector} draft={draft} onChange={setDraft} />
        <p className="dim small-text"><Link className="link" to="/settings/detectors/$id/backtest" params={{ id: detector.id }}>Try a change on stored events first</Link></p>
      </Form>
    </Dialog>
  );
}
