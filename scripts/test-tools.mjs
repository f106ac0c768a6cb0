// What the test suites can use on this machine: a Python with PyTorch, a Chromium, native TensorFlow.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './build.mjs';
import { findBrowser } from './find-shell.mjs';

/** A Python that has torch, or `null`. The system's own Python is asked too: a distribution's torch lives there. */
export function findTorch(environment = process.env) {
  const candidates = [environment.UNROLL_PYTHON, 'python3', '/usr/bin/python3', 'python', 'py'].filter(Boolean);
  for (const python of candidates) {
    const result = spawnSync(python, ['-c', 'import torch; print(torch.__version__)'], { encoding: 'utf8' });
    if (result.status === 0) return { python, version: result.stdout.trim() };
  }
  return null;
}

/** Chromium for Playwright: a named one, Playwright's own download, or an installed browser; tries the download last. */
export function findChromium(environment = process.env) {
  if (environment.UNROLL_CHROMIUM) return environment.UNROLL_CHROMIUM;
  const own = playwrightChromium();
  if (own !== null) return own;
  const installed = findBrowser(environment);
  if (installed !== null) return installed;
  console.log('Asking Playwright for Chromium …');
  const cli = join(root, 'node_modules', '@playwright', 'test', 'cli.js');
  spawnSync(process.execPath, [cli, 'install', 'chromium'], { stdio: 'inherit', timeout: 180_000 });
  return playwrightChromium();
}

function playwrightChromium() {
  const { chromium } = createRequire(join(root, 'package.json'))('@playwright/test');
  const path = chromium.executablePath();
  try {
    accessSync(path, constants.X_OK);
    return path;
  } catch {
    return null;
  }
}

/** Prepares native TensorFlow as a user would, with `unroll setup`: cached, and again only when something changed. */
export function prepareNative() {
  const tsx = join(root, 'node_modules', 'tsx', 'dist', 'cli.mjs');
  if (!existsSync(tsx)) return { ready: false, reason: 'Run `npm ci` first.' };
  const result = spawnSync(process.execPath, [tsx, 'engine/cli.ts', 'setup'], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'inherit', 'pipe'],
    timeout: 1_200_000,
  });
  const said = (result.stderr ?? '').trim();
  return result.status === 0
    ? { ready: true, reason: 'prepared' }
    : { ready: false, reason: said.split('\n').at(-1) || '`unroll setup` did not finish.' };
}
