import { join } from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';
import { build } from 'esbuild';
import type { DeviceInfo } from '../engine/protocol/app.ts';
import { webgpuChromium } from './webgpu-chromium.ts';

/**
 * A test in a page with WebGPU that has passed its check. One page serves all tests of a file.
 *
 * @param script in `pages/`
 * @param holder what the script leaves in the page's global scope; its `start` starts WebGPU
 */
export function pageTest(script: string, holder: string) {
  const test = base.extend<object, { readonly shaders: Page }>({
    shaders: [
      async ({ browser }, use) => {
        const { outputFiles } = await build({
          entryPoints: [join(import.meta.dirname, 'pages', script)],
          bundle: true,
          write: false,
          format: 'iife',
          platform: 'browser',
          target: 'chrome120',
          logLevel: 'error',
        });
        const page = await browser.newPage();
        // Never resolved: the route answers. It counts as secure, as WebGPU demands.
        await page.route('http://localhost:9/', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }));
        await page.goto('http://localhost:9/');
        await page.addScriptTag({ content: outputFiles[0]?.text ?? '' });
        const device = await page.evaluate(
          (name) => (globalThis as unknown as Record<string, { start(): Promise<DeviceInfo> }>)[name]?.start(),
          holder,
        );
        expect(device).toMatchObject({ available: true, reason: null });
        expect(device?.selfCheckError).toBeLessThan(1e-4);
        await use(page);
        await page.close();
      },
      { scope: 'worker' },
    ],
  });
  // One page serves all tests, so there is nothing to trace for each.
  test.use({ launchOptions: webgpuChromium, trace: 'off' });
  return test;
}
