import { useEffect, useState, type Ref } from 'react';
import { Kbd } from './button.js';
import { Icon } from './icon.js';

const TYPING_MS = 250;

/** Tells what was typed once the typing rests, so that an address and a request follow words and not letters. */
export function SearchBox({ label, placeholder, value, onChange, ref }: { label: string; placeholder: string; value: string; onChange: (text: string) => void; ref?: Ref<HTMLInputElement> }) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text.trim() === value) return;
    const timer = setTimeout(() => onChange(text.trim()), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text, value, onChange]);
  return (
    <label className="search-box">
      <Icon name="search" /><span className="visually-hidden">{label}</span>
      <input ref={ref} type="search" value={text} placeholder={placeholder} onChange={(event) => setText(event.target.value)} onKeyDown={(event) => { if (event.key === 'Escape') event.currentTarget.blur(); }} />
      <Kbd>/</Kbd>
    </label>
  );
}
