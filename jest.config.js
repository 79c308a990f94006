/** The suites run as native ES modules, compiled one file at a time by swc: the same source as tsx and tsc see. */
export default {
  testEnvironment: './test/environment.js',
  extensionsToTreatAsEsm: ['.ts'],
  /** A part is run by the suite that imports it. */
  testMatch: ['**/*.test.ts', '!**/*.part.test.ts'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/.atlas/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.atlas/'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: false, useDefineForClassFields: false },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  globalSetup: './test/database.ts',
  globalTeardown: './test/database-stop.ts',
  testSequencer: './test/sequencer.js',
  /** One more than the cores that are promised: many suites wait for processes, leases and clocks. */
  maxWorkers: 3,
  /** Node keeps the modules of every suite that a process has run (some 30 MB each): a worker that has many of them makes room for another. */
  workerIdleMemoryLimit: '700MB',
  /** Only what hangs is ended by it: how fast a thing is, no test asserts. */
  testTimeout: 120_000,
};
