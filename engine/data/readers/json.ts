/** Nobody's data is nested deeper; what is would end the work on it in the middle, for whatever walks through it does so by calls. */
const deepest = 64;

/**
 * JSON whose whole numbers keep their digits: those that no double holds exactly (ids of 64 bits, say) become `bigint`.
 *
 * @throws SyntaxError for text that is no JSON, or nested deeper than 64
 */
export function parseJson(text: string): unknown {
  if (depthOf(text) > deepest) throw new SyntaxError(`nested more than ${deepest} deep`);
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  return JSON.parse(markLargeNumbers(text), (_key, value: unknown) =>
    typeof value === 'string' && markedNumber.test(value) ? BigInt(value.slice(mark.length)) : value,
  );
}

/** JSON of a value in which whole numbers may be `bigint`. */
export const jsonText = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? mark + inner : inner)).replace(
    quotedNumbers,
    '$1',
  );

/** A whole number: exact where a double would lose its last digits, if it has no more than a thousand. */
export function wholeNumber(digits: string): number | bigint {
  const value = Number(digits);
  return Number.isSafeInteger(value) || digits.length > 1000 ? value : BigInt(digits);
}

/** A sign that Unicode keeps for the inside of programs: no text holds it. */
const mark = '\ufdd0';
const markedNumber = new RegExp(`^${mark}-?\\d+$`);
const quotedNumbers = new RegExp(`"${mark}(-?\\d+)"`, 'g');
const numberAt = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** The text with each whole number that a double does not hold as a string with a mark; strings are left as they are. */
function markLargeNumbers(text: string): string {
  let marked = '';
  let taken = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const sign = text[i] ?? '';
    if (quoted && sign === '\\') i++;
    else if (sign === '"') quoted = !quoted;
    else if (!quoted && (sign === '-' || (sign >= '0' && sign <= '9'))) {
      numberAt.lastIndex = i;
      const found = numberAt.exec(text)?.[0] ?? sign;
      if (found.length >= 16 && /^-?\d+$/.test(found) && typeof wholeNumber(found) === 'bigint') {
        marked += `${text.slice(taken, i)}"${mark}${found}"`;
        taken = i + found.length;
      }
      i += found.length - 1;
    }
  }
  return marked + text.slice(taken);
}

/** Brackets that are open at once, those in strings left out; of text that is no JSON a number that says nothing. */
function depthOf(text: string): number {
  let [depth, most, quoted] = [0, 0, false];
  for (let i = 0; i < text.length && most <= deepest; i++) {
    const sign = text[i];
    if (quoted && sign === '\\') i++;
    else if (sign === '"') quoted = !quoted;
    else if (!quoted && (sign === '[' || sign === '{')) most = Math.max(most, ++depth);
    else if (!quoted && (sign === ']' || sign === '}')) depth--;
  }
  return most;
}
