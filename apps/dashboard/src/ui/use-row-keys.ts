import { useRef, type RefObject } from 'react';
import { useShortcuts } from '../app/shortcuts.js';

/** j and k (and the arrows) go through the rows of a table: each row's link gets the focus, so Enter opens it by itself. */
export function useRowKeys<T extends HTMLElement>(): RefObject<T | null> {
  const box = useRef<T>(null);
  const step = (by: number) => {
    const links = [...(box.current?.querySelectorAll<HTMLElement>('[data-row-link]') ?? [])];
    const now = links.findIndex((link) => link.closest('tr') === document.activeElement?.closest('tr'));
    links[Math.max(0, Math.min(links.length - 1, now < 0 ? 0 : now + by))]?.focus();
  };
  useShortcuts({ j: () => step(1), k: () => step(-1), ArrowDown: () => step(1), ArrowUp: () => step(-1) });
  return box;
}
