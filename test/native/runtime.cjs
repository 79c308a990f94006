/**
 * Loads suites as Node loads the product: through tsx, each module once in a process. Jest's own runtime evaluates every module
 * once more for every suite, in a realm of its own. What it would do besides (mocked modules, coverage) no suite asks for.
 */
const { createRequire, register } = require('node:module');
const { dirname, join } = require('node:path');
const { pathToFileURL } = require('node:url');

/** The one that jest brings along. */
const FRAMEWORK = join(dirname(createRequire(require.resolve('jest')).resolve('jest-circus')), 'jestAdapterInit.js');

register('./resolve.js', pathToFileURL(__filename));

module.exports = class NativeRuntime {
  constructor(_config, environment) {
    this.environment = environment;
  }

  /** Anew for each suite: it keeps the tests of the suite that it was loaded for. */
  requireInternalModule() {
    delete globalThis[Symbol.for('EVENT_HANDLERS')];
    delete require.cache[FRAMEWORK];
    return require(FRAMEWORK);
  }

  setGlobalsForRuntime(globals) {
    globalThis[Symbol.for('atlas.suite')] = { ...globals, jest: this.environment.jest };
  }

  unstable_shouldLoadAsEsm() {
    return true;
  }

  unstable_importModule(path) {
    return import(pathToFileURL(path).href);
  }

  requireModule(path) {
    return require(path);
  }

  getSourceMaps() {
    return new Map();
  }

  getAllCoverageInfoCopy() {
    return null;
  }

  enterTestCode() {}

  leaveTestCode() {}

  teardown() {}
};
