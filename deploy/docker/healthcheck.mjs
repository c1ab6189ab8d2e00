// Asks this process's own ops port: `node healthcheck.mjs [healthz|readyz]`. For Docker; Kubernetes asks the port itself.
const what = process.argv[2] === 'readyz' ? 'readyz' : 'healthz';
const port = process.env.WARY_OPS_PORT || '7401';
try {
  const answer = await fetch(`http://127.0.0.1:${port}/${what}`, { signal: AbortSignal.timeout(4_000) });
  if (!answer.ok) {
    console.error(`${answer.status} ${(await answer.text()).slice(0, 300)}`);
    process.exitCode = 1;
  }
} catch (error) {
  console.error(error.cause?.code ?? error.message);
  process.exitCode = 1;
}
