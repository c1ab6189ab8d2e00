import { makeFinding } from '@wary/testkit/make-finding.js';
import type { Suppression, SuppressionScope } from '@wary/model/alert.js';
import { describe, expect, it } from 'vitest';
import { openAlert } from './apply-finding.js';
import { assertSuppression, matchesScope, suppressionFor } from './suppression.js';

const alert = openAlert(makeFinding({ entity: { type: 'user', id: 'alice' }, detector: { id: 'volume', version: 3 }, reason: 'exfiltration' }), 1);
const ALICE = { type: 'user', id: 'alice' } as const;
const suppression = (over: Partial<Suppression>): Suppression => ({ id: 's', scope: { detector: 'volume' }, until: 100, reason: 'r', createdBy: 'ann', createdAt: 0, hits: 0, ...over });

describe('the scope of a suppression', () => {
  it.each<[SuppressionScope, boolean]>([
    [{ entity: ALICE }, true], [{ detector: 'volume' }, true], [{ reason: 'exfiltration' }, true],
    [{ entity: ALICE, detector: 'volume', reason: 'exfiltration' }, true],
    [{ entity: { type: 'key', id: 'alice' } }, false], [{ entity: { type: 'user', id: 'Alice' } }, false], [{ detector: 'vol' }, false], [{ reason: 'volume' }, false],
    [{ entity: ALICE, detector: 'canary' }, false], [{ entity: ALICE, reason: 'canary' }, false], [{ detector: 'volume', reason: 'canary' }, false],
    [{}, false],
  ])('%j hides it: %s', (scope, hides) => {
    expect(matchesScope(scope, alert)).toBe(hides);
  });

  it('ends at its time, and the longest of several answers', () => {
    const short = suppression({ id: 'short', until: 50 });
    const long = suppression({ id: 'long', until: 100 });
    const elsewhere = suppression({ id: 'elsewhere', until: 900, scope: { reason: 'canary' } });
    expect(suppressionFor([short, long, elsewhere], alert, 49)?.id).toBe('long');
    expect(suppressionFor([short, long], alert, 50)?.id).toBe('long');
    expect(suppressionFor([short, long], alert, 99)?.id).toBe('long');
    expect(suppressionFor([short, long], alert, 100)).toBeNull();
    expect(suppressionFor([], alert, 0)).toBeNull();
  });

  it.each<[SuppressionScope, number, string, string[]]>([
    [{ detector: 'volume' }, 1_001, 'quarter end', []],
    [{ detector: 'volume' }, 1_000, 'quarter end', ['until']],
    [{ detector: 'volume' }, Number.NaN, 'quarter end', ['until']],
    [{ detector: 'volume' }, 2_000, ' ', ['reason']],
    [{ detector: 'canary' }, 0, '', ['until', 'reason', 'scope']],
  ])('%j until %d because %j lacks %j', (scope, until, reason, paths) => {
    const check = (): void => { assertSuppression(scope, until, reason, alert, 1_000); };
    if (paths.length === 0) expect(check).not.toThrow();
    else expect(check).toThrowError(expect.objectContaining({ code: 'validation_failed', details: { errors: paths.map((path) => expect.objectContaining({ path })) } }));
  });
});
