// `node scripts/electron-support.mjs`: fails when the Electron in package.json no longer gets security updates. Asks npm for the newest.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Electron's makers support the newest three major versions. */
const supportedMajors = 3;

/**
 * Whether a version is supported, and what to do, given the newest one.
 * `{ supported: boolean, line: string }`
 */
export function electronSupport(pinned, newest) {
  const [ours, latest] = [pinned, newest].map((version) => Number(/^(\d+)\.\d+\.\d+$/.exec(version)?.[1] ?? Number.NaN));
  if (Number.isNaN(ours) || Number.isNaN(latest)) {
    return { supported: false, line: `Expected two versions such as 45.5.0, got ${pinned} (package.json) and ${newest} (npm).` };
  }
  const oldest = latest - supportedMajors + 1;
  const versions = `package.json has Electron ${pinned}, npm’s latest is ${newest}`;
  if (ours < oldest) {
    return {
      supported: false,
      line: `${versions}: ${ours} gets no security updates any more, ${oldest} and newer do. Update it.`,
    };
  }
  const left = ours - oldest;
  const until =
    left === 0 ? `${ours} is the oldest that gets security updates: the next major ends them` : `${ours} gets security updates`;
  return { supported: true, line: `${versions}: ${until}.` };
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const root = resolve(import.meta.dirname, '..');
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const asked = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const newest = execFileSync(asked, ['view', 'electron', 'dist-tags.latest'], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  const { supported, line } = electronSupport(devDependencies.electron, newest.trim());
  console.log(line);
  process.exitCode = supported ? 0 : 1;
}
