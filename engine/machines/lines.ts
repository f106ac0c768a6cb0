import { StringDecoder } from 'node:string_decoder';

/** Characters of one line; a message of the window has at most 64 MiB. */
const longest = 80 * 2 ** 20;

/** Cuts what comes in pieces into lines. @returns the function that takes a piece; it throws where a line does not end */
export function readLines(line: (text: string) => void): (piece: Buffer) => void {
  const decoder = new StringDecoder('utf8');
  let parts: string[] = [];
  let length = 0;
  return (piece) => {
    const text = decoder.write(piece);
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      parts.push(text.slice(from, end));
      const whole = parts.join('');
      parts = [];
      length = 0;
      from = end + 1;
      line(whole.endsWith('\r') ? whole.slice(0, -1) : whole);
    }
    if (from === text.length) return;
    parts.push(from === 0 ? text : text.slice(from));
    length += text.length - from;
    if (length > longest) throw new Error(`a line has more than ${longest} characters`);
  };
}
