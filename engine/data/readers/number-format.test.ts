import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findFormats, looksMeasured, looksNumeric, type NumberFormat, numberReader } from './number-format.ts';

const found = (cells: readonly string[], delimiter = ',', wanted: Partial<NumberFormat> = {}) =>
  findFormats([cells], { delimiter, wanted: { decimal: null, thousands: null, ...wanted } })[0];
const readAll = (cells: readonly string[], delimiter?: string): (number | null)[] => {
  const format = found(cells, delimiter);
  return format ? cells.map(numberReader(format)) : [];
};

describe('one column of numbers', () => {
  it.each<[string, readonly string[], string, readonly (number | null)[]]>([
    ['English', ['1,234.56', '-7.5', '12'], ',', [1234.56, -7.5, 12]],
    ['thousands between commas, in quotes', ['950', '990', '1,030', '1,040'], ',', [950, 990, 1030, 1040]],
    ['thousands alone between commas', ['1,030', '2,040'], ',', [1030, 2040]],
    ['thousands beside hundreds between tabs', ['950', '1,030'], '\t', [950, 1030]],
    ['German', ['1.234,56', '0,5', '-12'], ';', [1234.56, 0.5, -12]],
    ['German, thousands alone among others', ['1.234,56', '1.234', '12.345', '5'], ';', [1234.56, 1234, 12_345, 5]],
    ['German with exponents', ['1,5e10', '2,5E-12'], ';', [1.5e10, 2.5e-12]],
    ['three decimals beside a decimal comma', ['0,5', '1,030'], ';', [0.5, 1.03]],
    ['three decimals beside a decimal comma and thousands', ['0,5', '1,030', '1.234,5'], ',', [0.5, 1.03, 1234.5]],
    ['spaces around them', [' 1,5', '2,5 '], ';', [1.5, 2.5]],
    ['missing values for the most part', ['NA', '-', '?', '1,5'], ';', [null, null, null, 1.5]],
    ['numbers in half of the cells', ['x', '1,5'], ';', [null, 1.5]],
    ['German without thousands', ['2,5', '3,25'], ';', [2.5, 3.25]],
    ['a decimal comma between commas, in quotes', ['0,5', '12,25'], ',', [0.5, 12.25]],
    ['French, with the spaces of typesetting', ['1\u202f234,56', '12\u00a0345,5', '7,25'], ';', [1234.56, 12345.5, 7.25]],
    ['thousands with spaces alone', ['1 234', '12 345'], ';', [1234, 12_345]],
    ['Swiss thousands alone', ["1'234", "12'345"], ';', [1234, 12_345]],
    ['thousands in texts of JSON', ['1,234', '2,345'], '', [1234, 2345]],
    ['three decimals in texts of JSON', ['1.234', '950'], '', [1.234, 950]],
    ['thousands beside larger numbers', ['1,234', '5000'], '\t', [1234, 5000]],
    ['three decimals beside a thousand', ['1.234', '1000'], ';', [1.234, 1000]],
    ['three decimals between tabs', ['1.234', '12.345'], '\t', [1.234, 12.345]],
    ['four decimals', ['1.2345', '2.3456'], ';', [1.2345, 2.3456]],
    ['too large', ['1e999', '(1e999)', '2.5'], ',', [null, null, 2.5]],
    ['Swiss', ["1'234.56", '1’000’000', '5'], ';', [1234.56, 1_000_000, 5]],
    ['Indian', ['1,23,456', '12,34,567.5', '999'], ',', [123_456, 1_234_567.5, 999]],
    ['millions', ['1.234.567', '89'], ';', [1_234_567, 89]],
    ['three decimals below one', ['0.125', '1.250', '2.500'], ';', [0.125, 1.25, 2.5]],
    ['three decimals above a thousand', ['1234.567', '1.250'], ';', [1234.567, 1.25]],
    ['negative in brackets, as in accounts', ['(1,234.50)', '(5)', '7'], ',', [-1234.5, -5, 7]],
    ['signs', ['+1', '\u22122.5', '-3e-2', '4E+1'], ',', [1, -2.5, -0.03, 40]],
  ])('%s', (_name, cells, delimiter, expected) => {
    expect(readAll(cells, delimiter)).toEqual(expected);
    expect(found(cells, delimiter)?.question).toBeNull();
  });

  it.each([
    ['1,234 between semicolons', ['1,234', '2,345'], ';', false],
    ['1.234 between semicolons', ['1.234', '2.345'], ';', true],
    ['1.030 beside 950', ['950', '1.030'], ';', false],
    ['1,030 beside 0,5 between commas', ['0,5', '1,030'], ',', false],
    ['1,234 beside 1.234', ['1,234', '1.234'], ';', false],
    ['1,234 beside 1.234 between commas', ['1,234', '1.234'], ',', false],
    ['12.345 beside 950 between tabs', ['12.345', '950'], '\t', false],
    ['1.030 beside 100', ['1.030', '100'], ';', false],
    ['1.030 beside 99', ['1.030', '99'], ';', true],
    ['1,234 beside texts', ['1,234', '2,345', '3,456', 'n,5', 'o,5', 'p,5'], ';', false],
  ])('asks about %s', (_name, cells, delimiter, likely) => {
    expect(found(cells, delimiter)?.question).toMatchObject({ likely });
    expect(found(cells, delimiter, { decimal: ',' })).toMatchObject({ question: null, decimal: ',' });
  });

  it('reads a column that does not decide as the others of the file', () => {
    const columns = [
      ['1.234', '2.345'],
      ['0,5', '1,25'],
    ];
    const formats = findFormats(columns, { delimiter: ';', wanted: { decimal: null, thousands: null } });
    expect(formats.map((format) => [format.decimal, format.thousands, format.question])).toEqual([
      [',', '.', null],
      [',', '', null],
    ]);
  });

  it('reads whole numbers as the other columns, where these agree, and texts as nothing', () => {
    const formats = (...columns: string[][]) =>
      findFormats(columns, { delimiter: ';', wanted: { decimal: null, thousands: null } }).map((format) => ({ ...format }));
    const [whole, words] = formats(['1', '20'], ['a', 'b', '1,5'], ['0,5']);
    expect(whole).toEqual({ decimal: ',', thousands: '', settled: true, question: null });
    expect(words).toEqual(whole);
    const [alone] = formats(['1', '20'], ['a', 'b', '1,5']);
    expect(alone).toEqual({ decimal: '.', thousands: '', settled: false, question: null });
    const [open, left] = formats(['1,234'], ['1', '20'], ['0,5'], ['0.5']);
    expect(open?.question).toEqual({ cell: '1,234', likely: false });
    expect(left).toEqual(alone);
    expect(formats(['1,234'], ['0.5'])[0]).toEqual({ decimal: '.', thousands: ',', settled: true, question: null });
  });

  it.each<[Partial<NumberFormat>, readonly string[], NumberFormat]>([
    [{ decimal: '.' }, ['1,234', '5'], { decimal: '.', thousands: ',' }],
    [{ decimal: '.' }, ['5'], { decimal: '.', thousands: '' }],
    [{ decimal: ',' }, ['1.234'], { decimal: ',', thousands: '.' }],
    [{ thousands: '.' }, ['1.234', '5'], { decimal: ',', thousands: '.' }],
    [{ thousands: "'" }, ['1,5', '5'], { decimal: ',', thousands: "'" }],
    [{ thousands: "'" }, ['1,5', '1.5'], { decimal: '.', thousands: "'" }],
    [{ thousands: '' }, ['1,234', '1.5'], { decimal: '.', thousands: '' }],
    [{ decimal: ',', thousands: ',' }, ['5'], { decimal: ',', thousands: '' }],
    [{ decimal: ',', thousands: ' ' }, ['1.5'], { decimal: ',', thousands: ' ' }],
  ])('takes %j over what the cells %j say', (wanted, cells, expected) => {
    expect(found(cells, ';', wanted)).toEqual({ ...expected, settled: true, question: null });
  });

  it('takes no texts, identifiers and dates for numbers', () => {
    for (const text of [
      '',
      '1,2,3',
      '1.2.3',
      '01.02.2020',
      '1 2 3',
      '12 34',
      'x',
      '5%',
      '$5',
      '1,,000',
      '--1',
      '(5',
      'e5',
      '1,23,45',
    ])
      expect(looksNumeric(text), text).toBe(false);
    for (const text of ['5%', ' $1,000 ', '3 €', '12']) expect(looksMeasured(text), text).toBe(true);
    for (const text of ['', '%', '$', '5 kg', '5%%']) expect(looksMeasured(text), text).toBe(false);
    expect(looksNumeric(' 5 ')).toBe(true);
  });

  /** Intl writes the numbers: it knows the customs of languages, and nothing of this reader. */
  it.each(['en-US', 'de-DE', 'fr-FR', 'de-CH', 'en-IN', 'pl-PL', 'pt-BR'])('reads what %s writes', (locale) => {
    const write = new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
    const cents = fc.array(fc.integer({ min: -1e9, max: 1e9 }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(cents, (numbers) => {
        const cells = numbers.map((value) => write.format(value / 100));
        expect(readAll(cells, ';')).toEqual(numbers.map((value) => value / 100 + 0));
      }),
    );
  });
});
