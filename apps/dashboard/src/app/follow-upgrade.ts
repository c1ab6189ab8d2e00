const KEY = 'wary.upgraded-at';
const AGAIN_MS = 60_000;

/**
 * After an upgrade of the server a page that is still open asks for parts that are gone. It takes the new version by itself,
 * once: if the parts are missing then too, the error is shown.
 */
export function followUpgrade(): void {
  addEventListener('vite:preloadError', (event) => {
    try {
      const last = Number(sessionStorage.getItem(KEY) ?? 0);
      if (Date.now() - last < AGAIN_MS) return;
      sessionStorage.setItem(KEY, String(Date.now()));
    } catch {
      // Without storage it could go round in circles: leave the error to be shown.
      return;
    }
    event.preventDefault();
    location.reload();
  });
}
