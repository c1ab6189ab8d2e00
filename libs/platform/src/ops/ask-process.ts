const ASK_MS_MAX = 2_000;
const ANSWER_BYTES_MAX = 4 * 1024 * 1024;

/** Asks another process of the installation one of its internal routes. Null: it has no answer to that (any more). Throws when it does not answer, or not in time. */
export async function askProcess(internalUrl: string, path: string, token: string, query: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const response = await fetch(`${internalUrl}${path}?${new URLSearchParams(query).toString()}`, {
    headers: { authorization: `Bearer ${token}` }, redirect: 'error', signal: AbortSignal.timeout(ASK_MS_MAX),
  });
  if (response.status === 404) {
    await response.body?.cancel();
    return null;
  }
  if (!response.ok) throw new Error(`${internalUrl} answered ${response.status}`);
  return JSON.parse(await readBounded(response)) as unknown;
}

async function readBounded(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += (chunk as Uint8Array).length;
    if (bytes > ANSWER_BYTES_MAX) throw new Error(`the answer is larger than ${ANSWER_BYTES_MAX} bytes`);
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks).toString();
}
