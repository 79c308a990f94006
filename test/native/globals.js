/** What is loaded once and asks each time: whichever suite runs, its tests are told to it. */
const suite = () => globalThis[Symbol.for('atlas.suite')];
const named = (name) => new Proxy(function ofTheSuite() {}, {
  apply: (_, self, given) => suite()[name].apply(self, given),
  get: (_, key) => suite()[name][key],
});

export const [afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest, test] = ['afterAll', 'afterEach', 'beforeAll', 'beforeEach', 'describe', 'expect', 'it', 'jest', 'test'].map(named);
