// What the tests need beside npm's packages: found where it is; ONNX's Python packages are prepared once.
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findBrowser } from './find-shell.mjs';

/** A Chromium: the one that was named, Playwright's own, or an installed one. */
export async function findChromium() {
  const named = process.env.UNROLL_CHROMIUM;
  if (named) return existsSync(named) ? named : null;
  const { chromium } = await import('@playwright/test');
  const own = chromium.executablePath();
  return existsSync(own) ? own : findBrowser();
}

/** A Python that has PyTorch, or the reason there is none; and whether it has Pillow, which the exports of networks that see pictures need. */
export async function preparePython() {
  const candidates = [process.env.UNROLL_PYTHON, '/usr/bin/python3', 'python3', 'python'].filter(Boolean);
  for (const path of candidates) {
    const imports = (name) => spawnSync(path, ['-c', `import ${name}`], { stdio: 'ignore', timeout: 120_000 }).status === 0;
    if (imports('torch')) return { path, reason: null, pillow: imports('PIL') };
  }
  return { path: null, reason: 'no Python with torch was found (pip install torch, or set UNROLL_PYTHON)', pillow: false };
}

/** Where engine/export/onnx/find-onnx.ts looks, too: the cache folder of engine/toolchain/cache-folder.ts. */
function cacheFolder() {
  if (process.env.UNROLL_CACHE) return process.env.UNROLL_CACHE;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'Unroll');
  if (process.platform === 'win32')
    return join(process.env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'Unroll', 'Cache');
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'unroll');
}

/**
 * A Python with Ray and the PyTorch of another one: one that is there, or, where nothing may be skipped, a virtual environment made in the
 * cache. Ray is 330 MB and takes a minute to install, which is no way to greet a newcomer.
 *
 * @param torch the Python that has PyTorch, or null
 */
export async function prepareRay(torch) {
  const folder = join(cacheFolder(), 'ray-python');
  const own = join(folder, 'bin', 'python');
  const works = (path) =>
    spawnSync(path, ['-c', 'import fsspec, ray, torch'], { stdio: 'ignore', timeout: 120_000 }).status === 0;
  const found = [process.env.UNROLL_RAY_PYTHON, own].filter(Boolean).find(works);
  if (found) return { path: found, reason: null };
  if (process.platform !== 'linux') return { path: null, reason: 'its tests run on Linux' };
  if (torch === null) return { path: null, reason: 'its jobs need a Python with torch' };
  if (process.env.UNROLL_REQUIRE_ALL !== '1') {
    return {
      path: null,
      reason:
        'it is prepared only with UNROLL_REQUIRE_ALL=1, as in CI (330 MB), or name a Python with ray and torch in UNROLL_RAY_PYTHON',
    };
  }
  console.log(`Preparing Ray in ${folder} …`);
  const runs = (args) => spawnSync(torch, args, { stdio: ['ignore', 'ignore', 'inherit'], timeout: 900_000 }).status === 0;
  rmSync(folder, { recursive: true, force: true });
  const made = runs(['-m', 'venv', '--without-pip', '--system-site-packages', folder]);
  const install = ['-m', 'pip', '--python', own, 'install', '--quiet', '--only-binary=:all:', 'ray[default]==2.60.0', 'fsspec'];
  if (made && runs(install) && works(own)) return { path: own, reason: null };
  rmSync(folder, { recursive: true, force: true });
  return { path: null, reason: 'ray could not be installed (pip install "ray[default]", or set UNROLL_RAY_PYTHON)' };
}

/** A Python with onnx and onnxruntime: one that is there, or a virtual environment made in the cache; or the reason there is none. */
export async function prepareOnnx() {
  const folder = join(cacheFolder(), 'onnx-python');
  const own = join(folder, ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']));
  const works = (path) =>
    spawnSync(path, ['-c', 'import numpy, onnx, onnxruntime'], { stdio: 'ignore', timeout: 120_000 }).status === 0;
  const found = [process.env.UNROLL_ONNX_PYTHON, own, 'python3', 'python'].filter(Boolean).find(works);
  if (found) return { path: found, reason: null };
  const hasPip = (path) => spawnSync(path, ['-m', 'pip', '--version'], { stdio: 'ignore', timeout: 60_000 }).status === 0;
  const pythons = ['python3', 'python', '/usr/bin/python3'].filter(hasPip);
  if (pythons.length === 0) {
    return { path: null, reason: 'no Python with pip was found to install them (install Python, or set UNROLL_ONNX_PYTHON)' };
  }
  console.log(`Preparing onnx and onnxruntime in ${folder} …`);
  const runs = (program, args) =>
    spawnSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'], timeout: 600_000 }).status === 0;
  for (const python of pythons) {
    rmSync(folder, { recursive: true, force: true });
    // Without pip inside: Debian's Python makes such an environment with no package more.
    const made = runs(python, ['-m', 'venv', '--without-pip', folder]);
    const install = [
      '-m',
      'pip',
      '--python',
      own,
      'install',
      '--quiet',
      '--only-binary=:all:',
      'onnx>=1.16',
      'onnxruntime>=1.18',
    ];
    if (made && runs(python, install) && works(own)) return { path: own, reason: null };
  }
  rmSync(folder, { recursive: true, force: true });
  return {
    path: null,
    reason: 'onnx and onnxruntime could not be installed (pip install onnx onnxruntime, or set UNROLL_ONNX_PYTHON)',
  };
}
