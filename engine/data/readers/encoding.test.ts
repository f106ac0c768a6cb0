import iconv from 'iconv-lite';
import { describe, expect, it } from 'vitest';
import { checkEncoding, detectEncoding } from './encoding.ts';

const detect = (head: Uint8Array, pieces: readonly Uint8Array[] = []): string =>
  detectEncoding({
    path: 'x',
    bytes: head.length,
    head: Buffer.from(head),
    pieces: pieces.map((piece) => Buffer.from(piece)),
    complete: false,
  });
const bytes = (...parts: readonly (number | string | Buffer)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.from([part]) : Buffer.from(part as string))));
const wide = (text: string): Buffer => Buffer.from(text, 'utf16le');
const swapped = (text: string): Buffer => wide(text).swap16();
const binary = expect.objectContaining({ failure: expect.objectContaining({ code: 'file-binary' }) });

describe('a byte order mark', () => {
  it.each<[string, Buffer, string]>([
    ['of UTF-8, whatever follows', bytes(0xef, 0xbb, 0xbf, 'caf', 0xe9, ' noir'), 'utf-8'],
    ['of UTF-16, and no zero byte', Buffer.concat([bytes(0xff, 0xfe), wide('電影很好')]), 'utf-16le'],
    ['of big-endian UTF-16, and no zero byte', Buffer.concat([bytes(0xfe, 0xff), swapped('電影很好')]), 'utf-16be'],
    ['without its last byte', bytes(0xef, 0xbb, 'caf', 0xe9, ' noir'), 'windows-1252'],
    ['without its middle', bytes(0xef, 'a', 0xbf, 'caf', 0xe9, ' noir'), 'windows-1252'],
    ['without its first byte', bytes('a', 0xbb, 0xbf, 'caf', 0xe9, ' noir'), 'windows-1252'],
    ['that is half of one: ff', bytes(0xff, 'caf', 0xe9, ' noir'), 'windows-1252'],
    ['that is half of one: .fe', bytes('a', 0xfe, 'caf', 0xe9, ' noir'), 'windows-1252'],
    ['that is half of one: fe', bytes(0xfe, 'caf', 0xe9, ' noir'), 'windows-1252'],
    ['that is half of one: .ff', bytes('a', 0xff, 'caf', 0xe9, ' noir'), 'windows-1252'],
  ])('%s', (_name, head, expected) => {
    expect(detect(head)).toBe(expected);
  });
});

describe('zero bytes', () => {
  it('are of UTF-16 where they are every second one', () => {
    expect(detect(wide('ab'))).toBe('utf-16le');
    expect(detect(swapped('ab'))).toBe('utf-16be');
    const mixed = `${'a'.repeat(80)}${'電'.repeat(20)}`;
    expect([detect(wide(mixed)), detect(swapped(mixed))]).toEqual(['utf-16le', 'utf-16be']);
  });

  it('are of no text where they are fewer, or in both places', () => {
    for (const text of [`${'a'.repeat(60)}${'電'.repeat(40)}`, `${'a'.repeat(90)}${'\u0100'.repeat(10)}`, 'a']) {
      expect(() => detect(wide(text)), text).toThrow(binary);
      expect(() => detect(swapped(text)), text).toThrow(binary);
    }
    expect(() => detect(bytes('a'.repeat(500), 0))).toThrow(binary);
    expect(() => detect(bytes('abc'), [bytes('ab', 0, 'cd')])).toThrow(binary);
  });
});

it('takes one control byte of a hundred for text, and what text has', () => {
  expect(detect(bytes('a'.repeat(99), 1))).toBe('utf-8');
  expect(() => detect(bytes('a'.repeat(98), 1, 31))).toThrow(binary);
  expect(detect(bytes('a\t\r\n\f', 0x1b, ' '))).toBe('utf-8');
});

describe('UTF-8', () => {
  const film = '電影'.repeat(40);

  it('may be cut anywhere', () => {
    for (let cut = 1; cut < 6; cut++) {
      expect(detect(bytes(film).subarray(0, -cut), [bytes(`${film}💛`).subarray(cut)])).toBe('utf-8');
      expect(detect(bytes('plain'), [bytes('💛 heart').subarray(Math.min(cut, 3))])).toBe('utf-8');
    }
  });

  it('may be one character, cut', () => {
    expect(detect(bytes('plain ', '電').subarray(0, -1))).toBe('utf-8');
  });

  it('may have a few characters that are none', () => {
    const odd = (good: number): string => detect(bytes('plain words', 'é'.repeat(good), ' caf', 0xe9, ' noir, '));
    expect([odd(500), odd(20), odd(19)]).toEqual(['utf-8', 'utf-8', 'windows-1252']);
    expect(detect(bytes('é'.repeat(20)), [bytes('caf', 0xe9, ' noir')])).toBe('utf-8');
    expect(detect(bytes('é'.repeat(20)), [bytes('caf', 0xe9, ' n', 0xf6, 'ir')])).toBe('windows-1252');
    expect(detect(bytes('the sign \ufffd stands in a file that was damaged before'))).toBe('utf-8');
  });

  it('is not what has too many bytes of a character', () => {
    expect(detect(bytes('plain'), [bytes(0x80, 0x80, 0x80, 0x80, 0x80, 'x')])).not.toBe('utf-8');
    expect(detect(bytes('plain'), [bytes('fine'), bytes('caf', 0xe9, ' noir')])).toBe('windows-1252');
    expect(detect(bytes('caf', 0xe9, ' noir'))).toBe('windows-1252');
  });
});

it.each([
  ['windows-1251', 'Это предложение на русском языке и фильм очень хороший. '],
  ['koi8-r', 'Это предложение на русском языке и фильм очень хороший. '],
  ['big5', '這部電影非常好看我們都很喜歡它的故事和演員'],
  ['gb18030', '这部电影非常好看我们都很喜欢它的故事和演员'],
  ['euc-kr', '이 영화는 정말 재미있었고 배우들도 훌륭했습니다'],
  ['shift_jis', 'これは日本語の文章です。映画はとても面白かった'],
  ['windows-1252', 'Crème brûlée “à la” façade, schöne Grüße aus München. '],
  ['windows-1252', 'Våra älskade björnar åt på ön, där är fåglar. '],
  ['windows-1252', 'it’s – don’t '],
])('%s is told by its own words, whatever stands around them', (encoding, text) => {
  const words = iconv.encode(text, encoding);
  const row = Buffer.concat([
    bytes('{"url": "http://example.com/some/path", "text": "'),
    words,
    bytes('", "label": "positive"}\n'),
  ]);
  const late = bytes('plain words\n'.repeat(5000), row);
  for (const found of [
    detect(words),
    detect(Buffer.concat(Array<Buffer>(20).fill(row))),
    detect(late),
    detect(bytes('plain'), [late]),
  ])
    expect(iconv.decode(words, found)).toBe(text);
});

it('knows the encodings by their names', () => {
  expect(checkEncoding('Shift_JIS')).toBe('Shift_JIS');
  expect(() => checkEncoding('klingon')).toThrow('“klingon” is not known');
});
