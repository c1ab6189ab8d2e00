import { Dialog as Base } from '@base-ui/react/dialog';
import { useRef, type ReactNode } from 'react';
import { IconButton } from './button.js';

const FIRST_FIELD = '[data-autofocus], .dialog-body input, .dialog-body textarea, .dialog-body select, .dialog-body button';

/** A modal dialog: focus goes to its first field and comes back, Escape closes. */
export function Dialog({ title, description, onClose, children, wide = false }: { title: string; description?: ReactNode; onClose: () => void; children: ReactNode; wide?: boolean }) {
  const popup = useRef<HTMLDivElement>(null);
  return (
    <Base.Root open onOpenChange={(open) => { if (!open) onClose(); }}>
      <Base.Portal>
        <Base.Backdrop className="scrim" />
        <Base.Popup ref={popup} className={wide ? 'dialog wide' : 'dialog'} initialFocus={() => popup.current?.querySelector<HTMLElement>(FIRST_FIELD) ?? true}>
          <div className="dialog-head">
            <Base.Title className="dialog-title">{title}</Base.Title>
            <Base.Close render={<IconButton icon="close" label="Dismiss" />} />
          </div>
          {description && <Base.Description className="dialog-text">{description}</Base.Description>}
          <div className="dialog-body">{children}</div>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
