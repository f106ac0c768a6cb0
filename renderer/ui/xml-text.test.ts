import { expect, it } from 'vitest';
import { escaped } from './xml-text.ts';

it('writes what XML has a use of its own for, and nothing that it does not take', () => {
  expect(escaped('a < "b" & c > d')).toBe('a &lt; &quot;b&quot; &amp; c &gt; d');
  expect(escaped('bell \u0007, escape \u001b[0m, nothing \u0000, tab \t, line \n, é 🙂')).toBe(
    'bell \ufffd, escape \ufffd[0m, nothing \ufffd, tab \t, line \n, é 🙂',
  );
});
