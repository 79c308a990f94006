/**
 * What a suite's modules store along asynchronous calls ends with the suite. Node passes every such storage on with every
 * promise, used or not, for as long as the process lives: the hundredth suite of a worker would carry those of all before it.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { createRequire } from 'node:module';

/** The one that jest brings along. */
const { TestEnvironment } = createRequire(createRequire(import.meta.url).resolve('jest'))('jest-environment-node');

const used = new Set();
for (const name of ['run', 'enterWith']) {
  const plain = AsyncLocalStorage.prototype[name];
  AsyncLocalStorage.prototype[name] = function noted(...given) {
    used.add(this);
    return plain.apply(this, given);
  };
}

export default class SuiteEnvironment extends TestEnvironment {
  async teardown() {
    await super.teardown();
    for (const storage of used) storage.disable();
    used.clear();
  }
}
