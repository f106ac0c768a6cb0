import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { writePng } from '../engine/data/media/fixtures/write-png.ts';
import { accessibleInBothThemes } from './accessible.ts';
import { test as base, expect } from './fixtures.ts';
import { Studio } from './studio.ts';

const program = join(import.meta.dirname, '..', 'dist', 'unroll.js');
const pictures = process.env['UNROLL_SCREENSHOTS'] === '1';

/** Another machine, for which a program stands in the place of ssh: it runs what ssh would, here, in a home of its own. */
const folder = join(tmpdir(), `unroll-machine-${process.pid}`);
const far = join(folder, 'far');
const bin = join(folder, 'bin');
const data = join(folder, 'data');
const farEnvironment = { ...process.env, HOME: far, UNROLL_HOME: join(far, 'unroll') };
const installed = join(folder, 'there', 'unroll');
const install = (): void => writeFileSync(installed, `#!/bin/sh\nexec ${process.execPath} ${program} "$@"\n`, { mode: 0o755 });
const cut = (): void => void process.kill(Number(readFileSync(join(folder, 'ssh.pid'), 'utf8')), 'SIGKILL');
const down = join(folder, 'down');

const test = base.extend({});
test.use({ colorScheme: 'dark', environment: { PATH: `${bin}:${process.env['PATH'] ?? ''}` } });
test.skip(process.platform === 'win32', 'a far engine runs on Linux and macOS only');
test.beforeAll(() => {
  for (const name of [far, bin, data, join(folder, 'there')]) mkdirSync(name, { recursive: true });
  writeFileSync(
    join(bin, 'ssh'),
    `#!/bin/sh
host=
while [ $# -gt 0 ]; do case "$1" in --) host=$2; shift 2; break ;; *) shift ;; esac; done
echo $$ >${folder}/ssh.pid
[ -e ${folder}/down ] && { echo "ssh: connect to host $host port 22: Connection refused" >&2; exit 255; }
[ "$host" = gpu-box ] || { echo "ssh: Could not resolve hostname $host: Name or service not known" >&2; exit 255; }
HOME=${far} UNROLL_HOME=${far}/unroll PATH=${folder}/there:/usr/bin:/bin exec sh -c "$1"
`,
  );
  chmodSync(join(bin, 'ssh'), 0o755);
});
test.afterAll(() => {
  spawnSync(process.execPath, [program, 'serve', '--stop'], { env: farEnvironment });
  rmSync(folder, { recursive: true, force: true });
});

const badge = (page: Page) => page.getByRole('contentinfo').locator('.footer__device');
const dialog = (page: Page) => page.getByRole('dialog', { name: 'Connect to a machine' });

test('the engine is joined on another machine, trains there while the connection is gone, and what it made is brought here', async ({
  window: page,
  app,
}) => {
  const studio = new Studio(page);
  await expect(studio.node('Bidirectional')).toBeVisible();

  // What stands in the way is told, with what to do.
  await badge(page).click();
  await page.getByRole('region', { name: 'Machine' }).getByRole('button', { name: 'Connect to a machine…' }).click();
  await expect(dialog(page).getByRole('textbox', { name: 'Machine' })).toBeFocused();
  await page.keyboard.type('-oProxyCommand=x');
  await page.keyboard.press('Enter');
  await expect(dialog(page).getByRole('alert')).toContainText('as ssh takes it');
  await dialog(page).getByRole('textbox', { name: 'Machine' }).fill('gpu-bax');
  await page.keyboard.press('Enter');
  await expect(dialog(page).getByRole('alert')).toContainText('There is no machine gpu-bax');
  await dialog(page).getByRole('textbox', { name: 'Machine' }).fill('gpu-box');
  await page.keyboard.press('Enter');
  await expect(dialog(page).getByRole('alert')).toContainText('Unroll is not installed on gpu-box');
  await expect(dialog(page).getByText(/npm run -s unroll -- install gpu-box/)).toBeVisible();
  await accessibleInBothThemes(page, 'a machine that cannot be joined');
  install();
  await dialog(page).getByRole('button', { name: 'Connect', exact: true }).click();
  await expect(dialog(page)).toBeHidden({ timeout: 90_000 });
  await expect(badge(page)).toContainText('gpu-box');
  await expect(badge(page)).toContainText(/WASM|TensorFlow/, { timeout: 60_000 });

  // It trains there; the connection is lost, and found again.
  await studio.shorten(400, 3000);
  await studio.train();
  await studio.epochsOver(1);
  writeFileSync(down, '');
  cut();
  await expect(page.getByText('The connection to gpu-box is lost.')).toBeVisible();
  await expect(badge(page)).toContainText('Connection lost');
  await accessibleInBothThemes(page, 'a connection that is lost');
  rmSync(down);
  await page.getByRole('button', { name: 'Try now' }).click();
  await expect(page.getByText('The connection to gpu-box is lost.')).toBeHidden({ timeout: 60_000 });
  const before = await studio.epochsDone();
  await studio.epochsOver(before + 1);
  await page.reload();
  await expect(badge(page)).toContainText('gpu-box');
  await expect(studio.training.getByRole('progressbar', { name: /^Progress of/ })).toBeVisible({ timeout: 60_000 });
  await studio.tryIt('banana');
  await badge(page).click();
  await expect(page.getByRole('region', { name: 'Machine' })).toContainText('gpu-box, over ssh');
  await accessibleInBothThemes(page, 'the devices of another machine');
  if (pictures) await page.screenshot({ path: join(import.meta.dirname, '..', 'docs', 'images', 'elsewhere-dark.png') });
  // A hint may lie above it, which takes the first one.
  await expect(async () => {
    await page.keyboard.press('Escape');
    await expect(page.getByRole('region', { name: 'Machine' })).toBeHidden({ timeout: 500 });
  }).toPass();
  await studio.command('Stop training');
  await studio.trained();
  await studio.exportTo(join(folder, 'exported'), 'PyTorch');
  expect(existsSync(join(folder, 'exported', 'model.safetensors'))).toBe(true);
  expect(existsSync(join(app.home, 'runs'))).toBe(false);

  // Back here there is no such run; it is found again there.
  await studio.command('Back to this computer');
  await expect(badge(page)).not.toContainText('gpu-box');
  await studio.tab('Runs');
  await expect(page.getByText(/No runs yet|Nothing has been trained/i).first()).toBeVisible();
  await studio.command('Connect to a machine');
  await dialog(page).getByRole('button', { name: 'Connect to gpu-box' }).click();
  await expect(dialog(page)).toBeHidden({ timeout: 60_000 });
  await expect(page.getByRole('row', { name: /stopped/ }).first()).toBeVisible({ timeout: 30_000 });
});

test('a file of this computer is sent to the machine that reads it', async ({ window: page }) => {
  install();
  const studio = new Studio(page);
  await expect(studio.node('Bidirectional')).toBeVisible();
  await studio.command('Connect to a machine');
  await dialog(page).getByRole('textbox', { name: 'Machine' }).fill('gpu-box');
  await page.keyboard.press('Enter');
  await expect(dialog(page)).toBeHidden({ timeout: 90_000 });
  // Data of this computer is sent; the picker shows the machine's own files otherwise.
  writeFileSync(
    join(data, 'moods.csv'),
    `text,mood\n${Array.from({ length: 400 }, (_, i) => `${i % 2 ? 'good fine glad' : 'bad sad poor'} day ${i},${i % 2 ? 'up' : 'down'}`).join('\n')}\n`,
  );
  await studio.newDocument();
  await studio.tab('Data');
  await page.getByRole('button', { name: 'Choose files…' }).click();
  const picker = page.getByRole('dialog', { name: /Choose a data file/ });
  await expect(picker.getByText('Files on gpu-box')).toBeVisible();
  await picker.getByRole('button', { name: 'Send from this computer…' }).click();
  await expect(picker.getByText('Files of this computer, which are sent to gpu-box')).toBeVisible();
  await picker.getByRole('textbox', { name: 'File name or path' }).fill(join(data, 'moods.csv'));
  await accessibleInBothThemes(page, 'files that are sent');
  await picker.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(picker).toBeHidden({ timeout: 30_000 });
  await expect(page.getByRole('heading', { name: 'moods.csv' })).toBeVisible();
  await expect(page.getByText(join(far, 'unroll', 'sent'), { exact: false }).first()).toBeVisible();

  // The pictures that a table names come along, once it was told how much that is.
  const samples = Array.from({ length: 16 }, (_, i) => i * 16);
  mkdirSync(join(data, 'seen'));
  const seen = Array.from({ length: 12 }, (_, i) => {
    writeFileSync(join(data, 'seen', `${i}.png`), writePng({ width: 4, height: 4, depth: 8, type: 'grey', samples }));
    return `seen/${i}.png,${i % 2 ? 'odd' : 'even'}`;
  });
  writeFileSync(join(data, 'seen.csv'), `picture,kind\n${seen.join('\n')}\n`);
  await page.getByRole('button', { name: 'Other data' }).click();
  await page.getByRole('button', { name: 'Choose files…' }).click();
  await picker.getByRole('button', { name: 'Send from this computer…' }).click();
  await picker.getByRole('textbox', { name: 'File name or path' }).fill(join(data, 'seen.csv'));
  await picker.getByRole('button', { name: 'Send', exact: true }).click();
  const question = page.getByRole('dialog', { name: 'Send to gpu-box?' });
  await expect(question.getByText(/^1 file and 12 pictures or recordings that rows name: \d\.\d+ kB\.$/)).toBeVisible();
  await accessibleInBothThemes(page, 'what is sent with a table');
  if (pictures) await page.screenshot({ path: 'test-results/send-question.png' });
  await question.getByRole('button', { name: 'Send all' }).click();
  await expect(picker).toBeHidden({ timeout: 30_000 });
  await expect(page.getByRole('heading', { name: 'seen.csv' })).toBeVisible();
  const sent = readdirSync(join(far, 'unroll', 'sent'), { recursive: true, encoding: 'utf8' });
  expect(sent.filter((path) => path.endsWith('.png'))).toHaveLength(12);
});
