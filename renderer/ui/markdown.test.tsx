import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { Markdown } from './markdown.tsx';

const html = (text: string): string => renderToStaticMarkup(<Markdown text={text} keepLines />);

describe('Markdown of anyone', () => {
  it('becomes elements', () => {
    expect(html('# Why\n\n- **two** layers\n- [x] tried')).toMatch(
      /<h3 data-depth="1">Why<\/h3>.*<strong>two<\/strong> layers.*type="checkbox"[^>]*checked/,
    );
  });

  it('keeps lines as they were typed where it is asked to', () => {
    expect(html('one\ntwo')).toContain('one<br/>two');
    expect(renderToStaticMarkup(<Markdown text={'one\ntwo'} />)).not.toContain('<br');
  });

  it('shows HTML as the text that it is, and makes none of it', () => {
    expect(html('the token <unk> here')).toContain('the token &lt;unk&gt; here');
    expect(html('<img src=x onerror=alert(1)>\n\n<script>alert(1)</script>')).not.toMatch(/<(img|script)/);
    expect(html('<script>alert(1)</script>')).toContain('&lt;script&gt;');
  });

  it('fetches no picture: its words stand for it', () => {
    const shown = html('![a curve](https://example.org/track.png)');
    expect(shown).toContain('a curve');
    expect(shown).not.toContain('example.org');
  });

  it('follows https links alone, in a window of their own that knows nothing of this one', () => {
    expect(html('[paper](https://example.org/a)')).toMatch(
      /<a [^>]*href="https:\/\/example.org\/a"[^>]*target="_blank" rel="noopener noreferrer"/,
    );
    for (const href of [
      'javascript:alert(1)',
      'file:///etc/passwd',
      'data:text/html,x',
      'http://example.org',
      'https://me:secret@example.org',
      '#there',
      '/etc',
    ])
      expect(html(`[paper](${href})`)).not.toContain('<a ');
  });
});
