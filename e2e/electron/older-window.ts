/** What the window uses of the language and of the browser, and Chromium 83 lacks. */
const add = (target: object, name: string, value: unknown): void => {
  if (!(name in target)) Object.defineProperty(target, name, { value, configurable: true, writable: true });
};

function at<T>(this: ArrayLike<T>, index: number): T | undefined {
  return this[index < 0 ? this.length + index : index];
}
for (const list of [Array.prototype, String.prototype, Object.getPrototypeOf(Int8Array.prototype) as object]) add(list, 'at', at);

add(Object, 'hasOwn', (object: object, key: PropertyKey) => Object.getOwnPropertyDescriptor(object, key) !== undefined);
add(Array.prototype, 'findLast', function (this: unknown[], test: (value: unknown) => boolean) {
  return [...this].reverse().find(test);
});
add(Array.prototype, 'toSorted', function (this: unknown[], compare?: (a: unknown, b: unknown) => number) {
  return [...this].sort(compare);
});
add(Array.prototype, 'toReversed', function (this: unknown[]) {
  return [...this].reverse();
});
add(String.prototype, 'replaceAll', function (this: string, what: string | RegExp, by: string) {
  return typeof what === 'string' ? this.split(what).join(by) : this.replace(what, by);
});
add(globalThis, 'structuredClone', (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown);
add(crypto, 'randomUUID', () =>
  '10000000-1000-4000-8000-100000000000'.replace(/[018]/g, (digit) => {
    const [random = 0] = crypto.getRandomValues(new Uint8Array(1));
    return (Number(digit) ^ (random & (15 >> (Number(digit) / 4)))).toString(16);
  }),
);
