/**
 * Cuts a source map down to one place for each line. Node reads every map when a module is loaded, and all of a map when
 * an error in it is first told: a line is what a stack is read for, and a tenth of the whole.
 */
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUE = new Map([...DIGITS].map((digit, value) => [digit, value]));
/** Six bits a digit: the highest says that more follow, the lowest of a number is its sign. */
const [MORE, BITS] = [32, 5];

export function lineMap({ mappings, names: _dropped, ...map }) {
  const [source, line, column] = [0, 1, 2];
  const at = [0, 0, 0];
  let told = [0, 0, 0];
  const lines = mappings.split(';').map((text) => {
    let first;
    for (const segment of text === '' ? [] : text.split(',')) {
      const [, ...deltas] = numbersIn(segment);
      if (deltas.length < 3) continue;
      for (const each of [source, line, column]) at[each] += deltas[each];
      first ??= [...at];
    }
    if (!first) return '';
    const written = textOf([0, ...first.map((value, each) => value - told[each])]);
    told = first;
    return written;
  });
  return { ...map, names: [], mappings: lines.join(';') };
}

function numbersIn(segment) {
  const numbers = [];
  let [number, shift] = [0, 0];
  for (const digit of segment) {
    const value = VALUE.get(digit);
    number += (value & (MORE - 1)) << shift;
    shift += BITS;
    if (value & MORE) continue;
    numbers.push(number & 1 ? -(number >>> 1) : number >>> 1);
    [number, shift] = [0, 0];
  }
  return numbers;
}

function textOf(numbers) {
  let text = '';
  for (const number of numbers) {
    let left = number < 0 ? (-number << 1) | 1 : number << 1;
    do {
      const value = left & (MORE - 1);
      left >>>= BITS;
      text += DIGITS[left > 0 ? value | MORE : value];
    } while (left > 0);
  }
  return text;
}
