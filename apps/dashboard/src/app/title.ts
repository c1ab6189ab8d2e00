import { useEffect } from 'react';

/** The document's title follows the page, so that tabs and screen readers can tell pages apart. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Wary`;
  }, [title]);
}
