import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import katex from 'katex';
import { describe, expect, it } from 'vitest';
import { views } from './views.tsx';

const docs = join(import.meta.dirname, '..', '..', 'docs');
const folder = join(docs, 'looking-inside');
const pages = readdirSync(folder).map((file) => file.replace(/\.md$/, ''));
const read = (page: string): string => readFileSync(join(folder, `${page}.md`), 'utf8');
const overview = readFileSync(join(docs, 'looking-inside.md'), 'utf8');

describe('the guide', () => {
  it.each(views.map(({ id, title }) => ({ id, title })))(
    'has a page for $title, with its picture and its equation',
    ({ id, title }) => {
      const page = read(id);
      expect(page.startsWith(`# ${title}\n`)).toBe(true);
      expect(page).toContain(`](../images/inside-${id}-dark.png)`);
      expect(page).toContain('## Equation\n');
    },
  );

  it.each(pages)('%s: what it shows, a picture, what to look for, how to read it, its keys', (page) => {
    const text = read(page);
    expect(text).toMatch(/^# .+\n\n\[← Looking inside\]\(\.\.\/looking-inside\.md\)\n\n[^\n#]+\n\n!\[.+\]\(.+\.png\)\n/);
    for (const part of ['What to look for', 'How to read it', 'Keys']) expect(text).toContain(`## ${part}\n`);
    expect(overview).toContain(`](looking-inside/${page}.md)`);
    const formulas = text.split('$$').filter((_, index) => index % 2 === 1);
    for (const formula of formulas) {
      expect(() => katex.renderToString(formula, { throwOnError: true, strict: 'error' })).not.toThrow();
    }
  });

  it('leads nowhere that there is nothing, and its pictures are small', () => {
    for (const file of ['looking-inside.md', ...pages.map((page) => join('looking-inside', `${page}.md`))]) {
      for (const [, target = ''] of readFileSync(join(docs, file), 'utf8').matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)) {
        const path = join(docs, dirname(file), target);
        expect(existsSync(path), `${file} → ${target}`).toBe(true);
        if (target.endsWith('.png')) expect(statSync(path).size, target).toBeLessThan(300_000);
      }
    }
  });
});
