import { join } from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';
import { bundled, scriptPage } from '../bench/script-page.ts';
import type { DeviceInfo } from '../engine/protocol/app.ts';
import { webgpuChromium } from './webgpu-chromium.ts';

/**
 * Without the limits that Dawn puts around each index of a shader: a quarter less to compile, and an index that is out of bounds is not
 * led back to one that may happen to be right. `webgpu.spec.ts` has them.
 */
const unlimited = { ...webgpuChromium, args: [...webgpuChromium.args, '--enable-dawn-features=disable_robustness'] };

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
        const page = await scriptPage(browser, await bundled(join(import.meta.dirname, 'pages', script)));
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
  test.use({ launchOptions: unlimited, trace: 'off' });
  return test;
}
