import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';

const isLetIn = (page: Page): Promise<void> =>
  expect(page.getByRole('textbox', { name: 'Document name' })).toHaveValue('syllables');
const notLetIn = (page: Page) => page.getByRole('alert').filter({ hasText: 'This browser is not let in.' });

test('an address lets one browser in, once, and leaves its code nowhere', async ({ app, page, context, browser }) => {
  const first = app.address;
  const { origin, port } = new URL(first);
  await page.goto('about:blank');
  await page.goto(first);
  await isLetIn(page);
  expect(page.url()).toBe(`${origin}/`);
  await page.goBack();
  expect(page.url()).toBe('about:blank');
  await page.goForward();
  expect(page.url()).toBe(`${origin}/`);
  await isLetIn(page);

  const [cookie] = await context.cookies(`${origin}/engine`);
  expect(cookie).toMatchObject({ name: `unroll-${port}`, httpOnly: true, sameSite: 'Strict', expires: -1 });
  expect(await page.evaluate(() => document.cookie)).toBe('');

  await page.reload();
  await isLetIn(page);
  const tab = await context.newPage();
  await tab.goto(origin);
  await isLetIn(tab);
  // The same address again, in the browser that used it.
  await tab.goto('about:blank');
  await tab.goto(first);
  await isLetIn(tab);

  const other = await browser.newContext();
  const stranger = await other.newPage();
  await stranger.goto(first);
  await expect(notLetIn(stranger)).toBeVisible();
  expect(stranger.url()).toBe(`${origin}/`);
  await expect.poll(() => app.address).not.toBe(first);
  // Put into the window that waits.
  await stranger.goto(app.address);
  await isLetIn(stranger);
  await expect(notLetIn(stranger)).toBeHidden();
  await other.close();
});

test('a tab of before a restart says that it is not let in, and goes on when its browser is', async ({ app, page, context }) => {
  const { origin, port } = new URL(app.address);
  await page.goto(app.address);
  await isLetIn(page);
  await app.kill();
  await app.start(port);
  await expect(notLetIn(page)).toBeVisible({ timeout: 30_000 });
  const tab = await context.newPage();
  await tab.goto(app.address);
  await isLetIn(tab);
  // It tries by itself.
  await expect(notLetIn(page)).toBeHidden();
  expect(page.url()).toBe(`${origin}/`);
});

/** Command lines of all processes whose command line holds a text. */
function commandLines(text: string): string[] {
  const found: string[] = [];
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
      if (line.includes(text)) found.push(line);
    } catch {
      // It ended meanwhile.
    }
  }
  return found;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const) {
  test(`npm start lets its own window in by no command line, and ${signal} ends both`, async () => {
    const program = process.env['UNROLL_CHROMIUM'] ?? '/usr/bin/chromium';
    test.skip(process.platform !== 'linux' || !existsSync(program), 'needs Linux with a Chromium');
    const home = mkdtempSync(join(tmpdir(), 'unroll-e2e-'));
    const flags = '--headless=new --no-sandbox --disable-gpu --disable-background-networking';
    const environment = { UNROLL_HOME: home, DISPLAY: ':none', UNROLL_BROWSER_FLAGS: flags, TMPDIR: home };
    const start: ChildProcess = spawn(process.execPath, ['scripts/start.mjs', '--browser', program], {
      cwd: join(import.meta.dirname, '..'),
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = new Promise((resolve) => start.once('exit', resolve));
    let output = '';
    for (const stream of [start.stdout, start.stderr])
      stream?.on('data', (data: Buffer) => {
        output += data.toString();
      });
    await expect.poll(() => output, { timeout: 60_000 }).toContain('A browser was let in.');
    const codes = [...output.matchAll(/#code=(\S+)/g)].map(([, code = '']) => code);
    expect(codes).toHaveLength(2);
    expect(commandLines(`--user-data-dir=${home}`)).not.toEqual([]);
    for (const code of codes) expect(commandLines(code)).toEqual([]);
    start.kill(signal);
    await ended;
    await expect.poll(() => commandLines(home), { timeout: 30_000 }).toEqual([]);
    rmSync(home, { recursive: true, force: true });
  });
}

test('a key pressed before the first picture is not lost', async ({ app, page }) => {
  await page.addInitScript(() => {
    addEventListener('DOMContentLoaded', () => {
      dispatchEvent(new KeyboardEvent('keydown', { key: 'k', code: 'KeyK', ctrlKey: true }));
    });
  });
  await page.goto(app.address);
  await expect(page.getByRole('combobox', { name: 'Commands' })).toBeVisible();
});
