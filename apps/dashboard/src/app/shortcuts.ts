import { useEffect, useRef } from 'react';
import { shortcutsOn } from './preferences.js';

export type ShortcutMap = Readonly<Record<string, (event: KeyboardEvent) => void>>;

const SEQUENCE_MS = 1_000;
const TYPING = 'input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]';
const PRESSABLE = 'button, a[href], input, summary, [role=menuitem], [role=tab], [role=option]';

/** "j", "g a", "?", "Space", "Enter": the key as people call it, or two of them in sequence. */
export function keyName(event: Pick<KeyboardEvent, 'key'>): string {
  return event.key === ' ' ? 'Space' : event.key;
}

/** Follows two-key sequences: gives the shortcut that this key completes, or null. */
export class KeySequence {
  private first = '';
  private at = 0;

  next(key: string, now: number, known: (name: string) => boolean): string | null {
    const pair = `${this.first} ${key}`;
    const inTime = this.first !== '' && now - this.at <= SEQUENCE_MS;
    this.first = '';
    if (inTime && known(pair)) return pair;
    if (known(`${key} *`)) {
      this.first = key;
      this.at = now;
      return null;
    }
    return known(key) ? key : null;
  }
}

const layers: Array<{ current: ShortcutMap }> = [];
const sequence = new KeySequence();

function find(name: string): ((event: KeyboardEvent) => void) | undefined {
  for (let index = layers.length - 1; index >= 0; index -= 1) {
    const handler = layers[index]!.current[name];
    if (handler) return handler;
  }
  return undefined;
}
const isKnown = (name: string): boolean => (name.endsWith(' *') ? layers.some((layer) => Object.keys(layer.current).some((key) => key.startsWith(name.slice(0, -1)) && key.includes(' '))) : find(name) !== undefined);

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !shortcutsOn()) return;
  const target = event.target instanceof Element ? event.target : null;
  if (target?.closest(TYPING) || document.querySelector('[role=dialog][data-open], [role=menu][data-open]')) return;
  const key = keyName(event);
  // Space and Enter belong to the control that has the focus.
  if ((key === 'Space' || key === 'Enter') && target?.closest(PRESSABLE)) return;
  const name = sequence.next(key, event.timeStamp, isKnown);
  const handler = name === null ? undefined : find(name);
  if (!handler) return;
  event.preventDefault();
  handler(event);
}

/** Single-key shortcuts of a page, while it is shown. They can be switched off in the account menu (WCAG 2.1.4). */
export function useShortcuts(map: ShortcutMap): void {
  const latest = useRef(map);
  useEffect(() => {
    latest.current = map;
  });
  useEffect(() => {
    if (layers.length === 0) addEventListener('keydown', onKeyDown);
    layers.push(latest);
    return () => {
      layers.splice(layers.indexOf(latest), 1);
      if (layers.length === 0) removeEventListener('keydown', onKeyDown);
    };
  }, []);
}
