import { useEffect, useState } from 'react';
import { Button } from './button.js';
import { showToast } from './toast.js';

const SHOWN_MS = 2_000;

export function CopyButton({ text, label = 'Copy', done = 'Copied', className = 'small' }: { text: string; label?: string; done?: string; className?: string }) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      // Plain http on another host has no clipboard: say it rather than pretend.
      showToast('The browser does not allow copying here. Select the text and copy it by hand.', 'error');
    }
  }
  return <Button icon={copied ? 'check' : 'copy'} className={className} onClick={() => void copy()}>{copied ? done : label}</Button>;
}

/** Code to take away: never wraps unseen, and the button copies exactly what is shown. */
export function Snippet({ title, code }: { title: string; code: string }) {
  return (
    <figure className="snippet">
      <figcaption><span>{title}</span><CopyButton text={code} label="Copy" /></figcaption>
      <pre tabIndex={0} aria-label={title}><code>{code}</code></pre>
    </figure>
  );
}
