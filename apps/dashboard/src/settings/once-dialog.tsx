import { Button } from '../ui/button.js';
import { Snippet } from '../ui/copy-button.js';
import { Dialog } from '../ui/dialog.js';

export interface Once { readonly title: string; readonly name: string; readonly secret: string }

/** A secret that is shown this one time. */
export function OnceDialog({ once, onClose }: { once: Once; onClose: () => void }) {
  return (
    <Dialog title={once.title} description="It is shown this once and kept only as a hash or encrypted. Put it where it belongs before you go on." onClose={onClose}>
      <Snippet title={once.name} code={once.secret} />
      <div className="form-foot once-foot"><Button kind="primary" onClick={onClose}>I have it</Button></div>
    </Dialog>
  );
}
