import { describe, expect, it } from 'vitest';
import { trainBriefly } from '../train-briefly.ts';
import { readMail } from './mail.ts';
import { groupNearDuplicates } from './near-duplicates.ts';

it('beats “never spam” after a short training', { timeout: 600_000 }, async () => {
  const { headline, report, best, goal } = await trainBriefly(
    'spam-filter',
    (document) => ({
      ...document,
      data: document.data && {
        ...document.data,
        limit: 2500,
        tokenizer: { ...document.data.tokenizer, maxLength: 50, maxVocabulary: 4000 },
      },
      training: { ...document.training, epochs: 3 },
    }),
    (baseline) => baseline + 0.1,
  );
  expect(report.leakage.count).toBe(0);
  expect(report.baseline.value).toBeCloseTo(headline.baseline, 6);
  expect(best).toBeGreaterThan(goal);
});

describe('readMail', () => {
  it('keeps the subject and the text, and nothing that tells where the mail came from', () => {
    const mail = readMail(
      [
        'From someone@example.com Thu Aug 22 14:44:07 2002',
        'Received: from relay.example.com',
        'Subject: Re: [ILUG] Lunch',
        ' on Friday',
        '',
        'See https://example.com/a?b=c or write to me@example.com',
        '____________________________________',
        'Irish Linux list: ilug@linux.ie',
      ].join('\n'),
    );
    expect(mail).toEqual({ subject: 'Lunch on Friday', body: 'See url or write to email' });
  });

  it('leaves the punctuation after an address or a link to its sentence', () => {
    const body =
      'Write to me@mail.example.com. Or (see http://example.com/a.html?b=c), <me@example.com>; www.example.com! ask@home';
    expect(readMail(`Subject: x\n\n${body}`).body).toBe('Write to email. Or (see url), <email>; url! email');
  });

  it('prefers the plain part, and decodes it', () => {
    const mail = readMail(
      [
        'Subject: =?iso-8859-1?Q?Gr=FC=DFe?=',
        'Content-Type: multipart/alternative; boundary="b"',
        '',
        '--b',
        'Content-Type: text/plain',
        'Content-Transfer-Encoding: quoted-printable',
        '',
        'Sch=F6ne Gr=',
        '=FC=DFe',
        '--b',
        'Content-Type: text/html',
        '',
        '<b>Other</b>',
        '--b--',
      ].join('\n'),
    );
    expect(mail).toEqual({ subject: 'Grüße', body: 'Schöne Grüße' });
  });

  it('reads HTML without its tags, scripts and comments', () => {
    const body = '<html><head><title>x</title></head><script>var a;</script>Buy<!-- zz --> <b>n</b>ow &amp; save&#33;</html>';
    expect(readMail(`Content-Type: text/html\n\n${body}`).body).toBe('Buy now & save!');
  });
});

it('groups near-duplicates, and only those', () => {
  const text =
    'You have won a prize in our grand summer draw and we need your address to send the cheque to you this week so please reply at once';
  const [a, b, c] = groupNearDuplicates([
    `${text} Kate`,
    `Dear Jon ${text}`,
    'The meeting about the release of the new kernel modules moves to Thursday at noon because the room is taken by others on Wednesday',
  ]);
  expect(a).toBe(b);
  expect(c).not.toBe(a);
});
