import { WaryError } from '@wary/model/errors.js';
import { INGEST_LIMITS } from '@wary/model/limits.js';
import { FakeClock } from '@wary/testkit/fake-clock.js';
import { beforeEach, describe, expect, it } from 'vitest';
import { IdempotentAnswers } from './idempotent-answers.js';

describe('IdempotentAnswers', () => {
  let clock: FakeClock;
  let forgotten: number;
  let answers: IdempotentAnswers;
  let acts: number;
  const act = async (): Promise<{ accepted: number }> => ({ accepted: (acts += 1) });
  const once = (key: string | undefined, body = 'a', tenant = 'default') => answers.once(tenant, key, ['/v1/events', body], act);
  beforeEach(() => {
    clock = new FakeClock();
    [forgotten, acts] = [0, 0];
    answers = new IdempotentAnswers(() => clock.now(), () => { forgotten += 1; });
  });

  it('a repeat gets the answer of the first, another key or tenant or none its own', async () => {
    expect(await once('k')).toEqual({ answer: { accepted: 1 }, replayed: false });
    expect(await once('k')).toEqual({ answer: { accepted: 1 }, replayed: true });
    expect(await once('other')).toMatchObject({ answer: { accepted: 2 }, replayed: false });
    expect(await once('k', 'a', 'acme')).toMatchObject({ answer: { accepted: 3 }, replayed: false });
    expect(await once(undefined)).toMatchObject({ answer: { accepted: 4 }, replayed: false });
  });

  it('a repeat while the first is under way waits for its answer, and nothing is done twice', async () => {
    let finish!: (answer: object) => void;
    const first = answers.once('default', 'k', ['x'], () => new Promise<object>((resolve) => { finish = resolve; }));
    const second = answers.once('default', 'k', ['x'], act);
    finish({ accepted: 7 });
    expect(await Promise.all([first, second])).toEqual([{ answer: { accepted: 7 }, replayed: false }, { answer: { accepted: 7 }, replayed: true }]);
    expect(acts).toBe(0);
  });

  it('the same key with another body is refused; a body is not another for where it was cut', async () => {
    await once('k', 'a');
    await expect(once('k', 'b')).rejects.toMatchObject({ code: 'idempotency_key_reused', status: 422 });
    await answers.once('default', 'cut', ['ab', 'c'], act);
    await expect(answers.once('default', 'cut', ['a', 'bc'], act)).rejects.toMatchObject({ code: 'idempotency_key_reused' });
  });

  it('what failed is asked anew', async () => {
    await expect(answers.once('default', 'k', ['x'], () => Promise.reject(new WaryError('overloaded')))).rejects.toMatchObject({ code: 'overloaded' });
    expect(await answers.once('default', 'k', ['x'], act)).toMatchObject({ replayed: false });
  });

  it.each(['', ' ', 'with space', 'ü', 'x'.repeat(INGEST_LIMITS.idempotencyKeyCharsMax + 1)])('refuses the key %j', async (key) => {
    await expect(once(key)).rejects.toMatchObject({ code: 'bad_request' });
    expect(acts).toBe(0);
  });

  it('forgets after a day, and the least used first when there are too many or too large', async () => {
    await once('old');
    clock.advance(INGEST_LIMITS.idempotencyMs);
    expect(await once('old')).toMatchObject({ replayed: false });
    for (let i = 0; i < INGEST_LIMITS.idempotencyKeysMax; i += 1) {
      await once(`many-${i}`);
      if (i % 100 === 0) expect(await once('old')).toMatchObject({ replayed: true });
    }
    expect(forgotten).toBe(1);
    expect(await once('old')).toMatchObject({ replayed: true });
    expect(await once('many-0')).toMatchObject({ replayed: false });
    const large = { rejected: 'x'.repeat(INGEST_LIMITS.idempotencyBytesMax / 4) };
    for (let i = 0; i < 6; i += 1) await answers.once('default', `large-${i}`, ['x'], () => Promise.resolve(large));
    expect(await answers.once('default', 'large-5', ['x'], act)).toMatchObject({ replayed: true });
    expect(await answers.once('default', 'large-0', ['x'], act)).toMatchObject({ replayed: false });
  });
});
