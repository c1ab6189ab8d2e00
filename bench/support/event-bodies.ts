export type Shape = 'metadata' | 'content';

const WORDS = 'please summarise the attached contract and list every clause that mentions termination liability renewal or data protection in a table with one row per clause and the page it stands on the customer asked for a short answer with sources the model should keep the tone friendly and say what it does not know'.split(' ');

function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** NDJSON bodies of access and inference events of 2,000 principals, half and half; with `content` the inferences carry a prompt and an answer. */
export function makeBodies(shape: Shape, batches: number, batchEvents: number, round: number): Buffer[] {
  const random = generator(round * 7_919 + 17);
  const pick = (count: number): number => Math.floor(random() * count);
  const text = (words: number): string => Array.from({ length: words }, () => WORDS[pick(WORDS.length)]).join(' ');
  const now = Date.now();
  return Array.from({ length: batches }, (_, batch) => {
    const lines: string[] = [];
    for (let i = 0; i < batchEvents; i += 1) {
      const person = pick(2_000);
      const id = `e-${round}-${batch}-${i}`;
      const time = new Date(now - (batches * batchEvents - batch * batchEvents - i) * 0.5).toISOString();
      // A key's calls come from a library; from a browser they would be what a rule alerts on.
      const source = { ip: `10.${person >> 8}.${person & 255}.7`, country: 'DE', asn: 3_320, user_agent: i % 2 === 0 ? 'Mozilla/5.0 (X11; Linux x86_64) Chrome/130.0' : 'OpenAI/Python 1.54.4' };
      lines.push(JSON.stringify(i % 2 === 0
        ? {
          id, time, kind: 'access', actor: { id: `user-${person}`, type: 'user', group: `team-${person % 40}`, session: `s-${person}` }, source, action: pick(12) === 0 ? 'download' : 'read', outcome: pick(50) === 0 ? 'denied' : 'success',
          resource: { id: `ds/table-${pick(400)}`, type: 'dataset', labels: ['internal'] }, purpose: 'support', bytes: 2_000 + pick(80_000), rows: pick(500), latency_ms: pick(300),
        }
        : {
          id, time, kind: 'inference', actor: { id: `key-${person % 300}`, type: 'key', group: `app-${person % 30}` }, source, action: 'chat', outcome: 'success', resource: { id: 'gpt-4o-mini', type: 'model' }, latency_ms: 200 + pick(3_000), cost: pick(1_000) / 1e5,
          gen_ai: {
            'provider.name': 'openai', 'request.model': 'gpt-4o-mini', 'response.model': 'gpt-4o-mini-2024-07-18', 'usage.input_tokens': pick(4_000), 'usage.output_tokens': pick(900), 'conversation.id': `c-${pick(9_000)}`,
            ...(shape === 'content' ? { 'input.messages': [{ role: 'user', parts: [{ type: 'text', content: text(120) }] }], 'output.messages': [{ role: 'assistant', parts: [{ type: 'text', content: text(160) }] }] } : {}),
          },
        }));
    }
    return Buffer.from(`${lines.join('\n')}\n`);
  });
}
