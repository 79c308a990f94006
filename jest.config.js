/** Suites are loaded as the product is, and not as jest would load them: docs/decisions/0034-suites-are-loaded-as-the-product-is.md */
export default {
  testEnvironment: './test/native/environment.js',
  runtime: './test/native/runtime.cjs',
  injectGlobals: false,
  /** A part is run by the suite that imports it. */
  testMatch: ['**/*.test.ts', '!**/*.part.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/.atlas/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.atlas/'],
  transform: {},
  globalSetup: './test/database.ts',
  globalTeardown: './test/database-stop.ts',
  testSequencer: './test/sequencer.js',
  /** One more than the cores that are promised: many suites wait for processes, leases and clocks. */
  maxWorkers: 3,
  /** Some megabytes stay of every service that a suite has started and stopped: a worker that has many makes room for another. */
  workerIdleMemoryLimit: '700MB',
  /** Only what hangs is ended by it: how fast a thing is, no test asserts. */
  testTimeout: 120_000,
};
