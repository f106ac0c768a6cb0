import { expect, it } from 'vitest';
import { failedBrowserTests, failedUnitTests } from './test-report.mjs';

it('names the unit tests that failed, and the files whose tests did not run', () => {
  const test = (fullName, status) => ({ fullName, status });
  const report = {
    testResults: [
      { name: '/root/engine/a.test.ts', status: 'failed', assertionResults: [test('adds', 'failed'), test('takes', 'passed')] },
      { name: '/root/engine/b.test.ts', status: 'failed', assertionResults: [] },
      { name: '/root/engine/c.test.ts', status: 'passed', assertionResults: [test('is', 'passed'), test('waits', 'skipped')] },
    ],
  };
  expect(failedUnitTests(report, '/root')).toEqual(['engine/a.test.ts > adds', 'engine/b.test.ts (its tests did not run)']);
});

it('names the browser tests that failed once or always, however deep they lie', () => {
  const spec = (title, status) => ({ title, file: 'a.spec.ts', line: 7, tests: [{ status }] });
  const inner = { specs: [spec('at times', 'flaky'), spec('not here', 'skipped')] };
  const suites = [{ specs: [spec('always', 'unexpected'), spec('never', 'expected')], suites: [inner] }];
  expect(failedBrowserTests(suites)).toEqual(['e2e/a.spec.ts:7 > always', 'e2e/a.spec.ts:7 > at times']);
});
