import fc from 'fast-check';

// Properties are tried on the same examples in every run, so that a change is judged by what it changed. `WARY_TEST_SEED` (a whole number, or
// `random`) tries others: `npm run test:properties` does it again and again.
const asked = process.env['WARY_TEST_SEED'] ?? '20261201';
if (asked !== 'random') {
  const seed = Number(asked);
  if (!Number.isSafeInteger(seed)) throw new Error(`WARY_TEST_SEED must be a whole number or "random", not ${JSON.stringify(asked)}`);
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
}
