// Names of failed tests in the reports of Vitest and Playwright.
import { relative } from 'node:path';

/**
 * @param report Vitest's, as JSON
 * @param root folder that paths are told from
 */
export function failedUnitTests(report, root) {
  return report.testResults.flatMap((file) => {
    const path = relative(root, file.name);
    const failed = file.assertionResults.filter(({ status }) => status === 'failed');
    // A file that does not load, or whose preparation fails, has no test to name.
    if (file.status === 'failed' && failed.length === 0) return [`${path} (its tests did not run)`];
    return failed.map(({ fullName }) => `${path} > ${fullName}`);
  });
}

/** Those that failed at the first try, whatever came of the second. @param suites of Playwright's report, as JSON */
export function failedBrowserTests(suites) {
  return suites.flatMap(({ specs = [], suites: inner = [] }) => [
    ...specs
      .filter(({ tests }) => tests.some(({ status }) => status === 'unexpected' || status === 'flaky'))
      .map(({ file, line, title }) => `e2e/${file}:${line} > ${title}`),
    ...failedBrowserTests(inner),
  ]);
}
