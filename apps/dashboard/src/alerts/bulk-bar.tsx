import { Button, IconButton } from '../ui/button.js';
import type { DialogKind } from './alert-dialogs.js';

export function BulkBar({ count, total, mayWork, maySuppress, onAcknowledge, onAct, onIncident, onClear, onAll }: { count: number; total: number; mayWork: boolean; maySuppress: boolean; onAcknowledge: () => void; onAct: (kind: DialogKind) => void; onIncident: () => void; onClear: () => void; onAll: () => void }) {
  return (
    <div className="bulk" role="toolbar" aria-label="Selected alerts">
      <IconButton icon="close" label="Clear the selection" onClick={onClear} />
      <span className="bulk-count">{count} selected</span>
      {count < total && <Button kind="quiet" className="small" onClick={onAll}>{`Select all ${total}`}</Button>}
      {mayWork && <>
        <Button className="small" onClick={onAcknowledge}>Acknowledge</Button>
        <Button className="small" onClick={() => onAct('assign')}>Assign</Button>
        <Button className="small" onClick={() => onAct('resolve')}>Resolve</Button>
      </>}
      {maySuppress && <Button className="small" onClick={() => onAct('suppress')}>Suppress</Button>}
      {mayWork && <Button className="small" onClick={onIncident}>Create incident</Button>}
    </div>
  );
}
