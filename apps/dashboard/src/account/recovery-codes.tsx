import { Button } from '../ui/button.js';
import { Snippet } from '../ui/copy-button.js';
import { Dialog } from '../ui/dialog.js';

export function RecoveryCodes({ title, codes, onClose }: { title: string; codes: readonly string[]; onClose: () => void }) {
  return (
    <Dialog title={title} description="Keep these recovery codes where you find them without your phone. Each signs you in once instead of a code. They are shown this once and kept only as hashes." onClose={onClose}>
      <Snippet title="Recovery codes" code={codes.join('\n')} />
      <div className="form-foot once-foot"><Button kind="primary" onClick={onClose}>I have them</Button></div>
    </Dialog>
  );
}
