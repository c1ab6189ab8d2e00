import { IconButton } from './button.js';
import { showToast } from './toast.js';

export function CopyLink({ path }: { path: string }) {
  async function copy() {
    const link = new URL(path, location.origin).href;
    try {
      await navigator.clipboard.writeText(link);
      showToast('Link copied');
    } catch {
      showToast(`The browser does not allow copying here. The link is ${link}`, 'error');
    }
  }
  return <IconButton icon="link" label="Copy the link" onClick={() => void copy()} />;
}
