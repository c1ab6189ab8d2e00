const KEY = 'wary.upgraded-at';
const AGAIN_MS = 60_000;

/** True once a minute; never without storage, because it could go round in circles then. */
function mayReload(): boolean {
  try {
    if (Date.now() - Number(sessionStorage.getItem(KEY) ?? 0) < AGAIN_MS) return false;
    sessionStorage.setItem(KEY, String(Date.now()));
    return true;
  } catch {
    return false;
  }
}

/**
 * After an upgrade of the server a page that is still open asks for parts that are gone. It takes the new version by itself.
 * A server that does not answer is another matter: then the page stays, and shows what it has.
 */
export function followUpgrade(): void {
  addEventListener('vite:preloadError', () => {
    fetch('/', { cache: 'no-store' }).then((answer) => { if (answer.ok && mayReload()) location.reload(); }, () => undefined);
  });
}
