/** A test of what not every machine has says so in its name, as in "the reference page (needs chromium)". */
const NEED = /\(needs ([^)]+)\)/;

/** Sums up what vitest's JSON reporter wrote: counts, and how many tests were skipped for want of what. */
export function summarise({ testResults }) {
  const tests = testResults.flatMap(({ assertionResults }) => assertionResults);
  const withStatus = (...statuses) => tests.filter(({ status }) => statuses.includes(status));
  // A file that does not load, or whose set-up fails, has no failed test.
  const broken = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
  );
  const skipped = tests.filter(({ status }) => status !== 'passed' && status !== 'failed');
  const missing = new Map();
  for (const { fullName } of skipped) {
    const need = NEED.exec(fullName)?.[1];
    missing.set(need, (missing.get(need) ?? 0) + 1);
  }
  return {
    passed: withStatus('passed').length,
    failed: withStatus('failed').length + broken.length,
    missing,
  };
}
