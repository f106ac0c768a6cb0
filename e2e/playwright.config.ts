import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { defineConfig } from '@playwright/test';

/**
 * Chromium counts the last list of what is switched off: what Playwright 1.65 switches off itself; then two pages of the address bar, which
 * nobody sees here and which take half a second of a processor for each window that opens.
 */
const switchedOff = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'TcpPortRandomizationWin',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
];

const named = process.env['UNROLL_CHROMIUM'] ?? '/usr/bin/chromium';

export default defineConfig({
  testDir: '.',
  globalSetup: './build-first.ts',
  outputDir: '../test-results',
  fullyParallel: false,
  // Each has an app with a home, a port and an engine of its own. Most of a test is waiting: two are worth it on two cores, too.
  workers: availableParallelism() >= 2 ? 2 : 1,
  timeout: 300_000,
  expect: { timeout: 30_000 },
  retries: 0,
  reporter: [['list'], ['json']],
  use: {
    viewport: { width: 1280, height: 800 },
    // Each frame of what moves is drawn by the processor here, beside the training: files whose tests look at it use `moving`.
    contextOptions: { reducedMotion: 'reduce' },
    actionTimeout: 30_000,
    // A trace of every test would take two fifths of the time: `npm test` runs what failed again, with one (it stays a failure).
    trace: 'on-first-retry',
    screenshot: 'only-on-failure',
    launchOptions: {
      ...(existsSync(named) ? { executablePath: named } : {}),
      args: [
        '--no-sandbox',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        `--disable-features=${switchedOff.join()}`,
      ],
    },
  },
});
