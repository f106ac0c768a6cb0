// What the tests need beside npm's packages: found where it is, never waited for.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { findBrowser } from './find-shell.mjs';

/** A Chromium: the one that was named, Playwright's own, or an installed one. */
export async function findChromium() {
  const named = process.env.UNROLL_CHROMIUM;
  if (named) return existsSync(named) ? named : null;
  const { chromium } = await import('@playwright/test');
  const own = chromium.executablePath();
  return existsSync(own) ? own : findBrowser();
}

/** A Python that has PyTorch, or the reason there is none. */
export async function preparePython() {
  const candidates = [process.env.UNROLL_PYTHON, '/usr/bin/python3', 'python3', 'python'].filter(Boolean);
  for (const path of candidates) {
    if (spawnSync(path, ['-c', 'import torch'], { stdio: 'ignore', timeout: 120_000 }).status === 0)
      return { path, reason: null };
  }
  return { path: null, reason: 'no Python with torch was found (pip install torch, or set UNROLL_PYTHON)' };
}
