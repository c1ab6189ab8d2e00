import { expect } from 'vitest';

interface Answer { readonly status: number; readonly body: unknown; readonly headers: Readonly<Record<string, unknown>> }

/** Of attempts at once, so many were looked at, and all others were told to wait. */
export function expectThrottled(answers: readonly Answer[], lookedAt: number): void {
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(lookedAt);
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused).toHaveLength(answers.length - lookedAt);
  for (const { body, headers } of refused) {
    expect(body).toMatchObject({ code: 'rate_limited' });
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  }
}
