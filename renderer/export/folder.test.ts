import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { quoted, suggestedFolder } from './folder.ts';

it.each([
  ['/home/me', 'Name tagger', 'pytorch', '/home/me/Name-tagger-pytorch'],
  ['C:\\Users\\me', 'a', 'onnx', 'C:\\Users\\me\\a-onnx'],
  ['/home/me', '  Grüße: 2/3 …', 'pytorch', '/home/me/Grüße-2-3-pytorch'],
  ['/home/me', '../..', 'pytorch', '/home/me/model-pytorch'],
  ['/home/me', 'snake_case-', 'pytorch', '/home/me/snake_case-pytorch'],
  ['', 'a', 'pytorch', ''],
] as const)('suggests in %j for %j as %s: %j', (documents, name, format, folder) => {
  expect(suggestedFolder(documents, name, format)).toBe(folder);
});

it('writes a path on Windows as its shells take it', () => {
  expect(quoted('C:\\Users\\me\\a-onnx')).toBe('C:\\Users\\me\\a-onnx');
  expect(quoted('C:\\My models\\a')).toBe('"C:\\My models\\a"');
});

it('writes a path as a shell takes it: it names the same folder, and runs nothing', (context) => {
  if (process.platform === 'win32') context.skip('there is no sh on Windows');
  expect(quoted('/home/me/a-pytorch')).toBe('/home/me/a-pytorch');
  for (const path of ['/a b/c', '/a$HOME/`id`/$(id)', '/it’s "so"', "/it's", '/a;id', '/-x &', '/~', '/a*']) {
    expect(spawnSync('sh', ['-c', `printf %s ${quoted(path)}`], { encoding: 'utf8' }).stdout).toBe(path);
  }
});
