import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { electronSupport } from './electron-support.mjs';
import { changes, releaseNotes } from './release-notes.mjs';

const root = join(import.meta.dirname, '..');
const read = (name) => readFileSync(join(root, name), 'utf8');
const manifest = JSON.parse(read('package.json'));

describe('what is released', () => {
  it('CHANGELOG.md begins with the version in package.json, and its versions descend', () => {
    const listed = changes(read('CHANGELOG.md'));
    expect(listed[0]?.version).toBe(manifest.version);
    expect(JSON.parse(read('package-lock.json')).version).toBe(manifest.version);
    for (const { heading, version, date, notes } of listed) {
      expect(version, heading).not.toBeNull();
      expect(Number.isNaN(Date.parse(date)), heading).toBe(false);
      expect(notes, heading).not.toBe('');
    }
    const size = (version) => version.split('.').reduce((sum, part) => sum * 1000 + Number(part), 0);
    const sizes = listed.map(({ version }) => size(version));
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
  });

  it('a tag is released with the notes of its version, and no other', () => {
    const changelog =
      '# Changelog\n\n## 1.3.0 (2026-02-01)\n\nNew.\n\n### Fixed\n\n- A thing.\n\n## 1.2.9 (2026-01-01)\n\nOld.\n';
    expect(releaseNotes('v1.3.0', '1.3.0', changelog)).toEqual({ notes: 'New.\n\n### Fixed\n\n- A thing.', problem: null });
    expect(releaseNotes('v1.3.1', '1.3.0', changelog).problem).toMatch(/expected v1\.3\.0/);
    expect(releaseNotes('v1.4.0', '1.4.0', changelog).problem).toMatch(/begins with “1\.3\.0 \(2026-02-01\)”/);
    expect(releaseNotes('v1.0.0', '1.0.0', '## 1.0.0 (2026-02-01)\n').problem).toMatch(/says nothing/);
    expect(releaseNotes('v1.0.0', '1.0.0', '## Unreleased\n\nSoon.\n').notes).toBeNull();
  });
});

describe('the Electron that is shipped', () => {
  it('is supported while it is one of the newest three majors', () => {
    expect(electronSupport('45.5.0', '45.5.0').supported).toBe(true);
    expect(electronSupport('43.0.0', '45.0.0')).toMatchObject({ supported: true, line: expect.stringContaining('the oldest') });
    expect(electronSupport('42.9.9', '45.0.0')).toMatchObject({
      supported: false,
      line: expect.stringContaining('43 and newer'),
    });
    expect(electronSupport('^45.0.0', '45.0.0').supported).toBe(false);
  });

  it('is pinned, with everything else, to one version', () => {
    for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }))
      expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
  });
});

describe('the workflows', () => {
  const workflows = ['tests', 'release', 'electron'].map((name) => [name, read(join('.github', 'workflows', `${name}.yml`))]);

  it('test the oldest Node that package.json allows, and the newest', () => {
    const oldest = /^>=(\d+\.\d+)$/.exec(manifest.engines.node)?.[1];
    expect(workflows[0][1]).toContain(`node: ['${oldest}', 'latest']`);
  });

  it.each(workflows)('%s may read, and writes only where a job says so; its actions are pinned', (_name, text) => {
    expect(text).toMatch(/^permissions:\n {2}contents: read\n/m);
    const used = [...text.matchAll(/uses: (\S+)/g)].map(([, action]) => action).filter((action) => !action.startsWith('./'));
    expect(used).not.toEqual([]);
    for (const action of used) expect(action).toMatch(/^actions\/[a-z-]+@v\d+$/);
    expect(text.match(/uses: actions\/checkout@/g)).toHaveLength(text.match(/persist-credentials: false/g)?.length ?? 0);
  });
});
