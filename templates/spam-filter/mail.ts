/** What a reader of the mail sees: its subject and its text. */
export interface MailText {
  readonly subject: string;
  readonly body: string;
}

interface Part {
  readonly headers: ReadonlyMap<string, string>;
  readonly content: string;
}

/**
 * Subject and readable text of a mail. All other headers are dropped: relays, list ids and dates tell which collection a mail
 * came from, not whether it is spam. So are addresses and links (as `email` and `url`), list tags in the subject, and list footers.
 *
 * @param raw the message, bytes as Latin-1 characters
 */
export function readMail(raw: string): MailText {
  const part = parsePart(raw);
  const subject = decodeWords(part.headers.get('subject') ?? '');
  return {
    subject: anonymize(subject.replace(/\[[^\]]{1,30}\]/g, ' ').replace(/^(\s*(re|fwd?|aw)\s*:)+/i, ' ')).trim(),
    body: anonymize(dropFooter(readableText(part, 0))).trim(),
  };
}

function parsePart(raw: string): Part {
  const text = raw.replace(/\r\n?/g, '\n');
  const end = text.indexOf('\n\n');
  const headers = new Map<string, string>();
  for (const line of (end < 0 ? text : text.slice(0, end)).replace(/\n[ \t]+/g, ' ').split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return { headers, content: end < 0 ? '' : text.slice(end + 2) };
}

/** Plain text of a part; the plain alternative if there is one, HTML without its tags otherwise. */
function readableText(part: Part, depth: number): string {
  const type = part.headers.get('content-type') ?? 'text/plain';
  const kind = type.toLowerCase();
  const boundary = /boundary\s*=\s*(?:"([^"]+)"|([^\s;]+))/i.exec(type);
  const mark = boundary?.[1] ?? boundary?.[2];
  if (kind.startsWith('multipart/') && mark !== undefined && depth < 5) {
    const parts = part.content
      .split(`--${mark}`)
      .slice(1)
      .filter((text) => !text.startsWith('--'))
      .map((text) => parsePart(text.replace(/^\n/, '')));
    const plain = parts.filter((inner) => !/^text\/html/i.test(inner.headers.get('content-type') ?? 'text/plain'));
    const texts = plain.map((inner) => readableText(inner, depth + 1)).join('\n');
    return texts.trim() !== '' ? texts : parts.map((inner) => readableText(inner, depth + 1)).join('\n');
  }
  if (kind.startsWith('message/')) return readableText(parsePart(part.content), depth + 1);
  if (!kind.startsWith('text')) return '';
  const content = decodeTransfer(part.content, part.headers.get('content-transfer-encoding') ?? '');
  return kind.startsWith('text/html') || /<html|<body|<table|<font/i.test(content) ? stripHtml(content) : content;
}

function decodeTransfer(content: string, encoding: string): string {
  if (/base64/i.test(encoding)) return Buffer.from(content, 'base64').toString('latin1');
  if (/quoted-printable/i.test(encoding)) return decodeQuoted(content);
  return content;
}

const decodeQuoted = (text: string): string =>
  text.replace(/=\n/g, '').replace(/=([0-9A-Fa-f]{2})/g, (_match, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** RFC 2047 words in a header: `=?iso-8859-1?Q?Gr=FC=DFe?=`. */
const decodeWords = (text: string): string =>
  text.replace(/=\?[^?]+\?([bq])\?([^?]*)\?=/gi, (_match, kind: string, body: string) =>
    kind.toLowerCase() === 'b' ? Buffer.from(body, 'base64').toString('latin1') : decodeQuoted(body.replaceAll('_', ' ')),
  );

const entities: Readonly<Record<string, string>> = { nbsp: ' ', amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", copy: '©' };

function stripHtml(html: string): string {
  return html
    .replace(/<(style|script|head)\b[\s\S]*?<\/\1\s*>/gi, ' ')
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(/<(br|p|div|tr|td|li|h\d|table)\b[^>]*>/gi, ' ')
    .replace(/<[^>]*>/g, '')
    .replace(/&#(\d{1,6});/g, (_match, code: string) => (Number(code) < 0x110000 ? String.fromCodePoint(Number(code)) : ' '))
    .replace(/&([a-z]+);/gi, (match, name: string) => entities[name.toLowerCase()] ?? match);
}

/** What mailing list software puts below a line of underscores or dashes: it names the list, and so the collection. */
function dropFooter(text: string): string {
  const lines = text.split('\n');
  const mark = lines.findLastIndex((line) => /^[_-]{20,}\s*$|^-- ?$/.test(line));
  return mark > 0 && lines.length - mark <= 12 ? lines.slice(0, mark).join('\n') : text;
}

/** Links and addresses become one word each. The punctuation that follows them is the sentence's, and stays. */
function anonymize(text: string): string {
  return text
    .replace(/\b(?:(?:https?|ftp):\/\/|www\.)[^\s<>"]*[^\s<>".,;:!?)\]}']/gi, 'url')
    .replace(/[\w.+-]+@[\w-]+(?:\.[\w-]+)*/g, 'email')
    .replace(/[_=*~#.-]{4,}/g, ' ')
    .replace(/\s+/g, ' ');
}
