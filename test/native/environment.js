/** The process itself: a suite finds what the product finds. What it changed of it is put back when it ends. */
import { createRequire } from 'node:module';
import { createContext } from 'node:vm';

/** Those that jest brings along. */
const ofJest = createRequire(createRequire(import.meta.url).resolve('jest'));
const { ModuleMocker } = ofJest('jest-mock');
const { ModernFakeTimers } = ofJest('@jest/fake-timers');

export default class ProcessEnvironment {
  global = globalThis;
  moduleMocker = new ModuleMocker(globalThis);
  fakeTimers = null;

  constructor({ projectConfig }) {
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
    const { moduleMocker: mocker, fakeTimersModern: timers } = this;
    this.jest = {
      fn: mocker.fn.bind(mocker), spyOn: mocker.spyOn.bind(mocker),
      useFakeTimers: timers.useFakeTimers.bind(timers), useRealTimers: timers.useRealTimers.bind(timers),
    };
    this.before = { env: { ...process.env }, directory: process.cwd(), exit: process.exit };
  }

  async setup() {
    // The source maps that Node knows of, and not those that jest has made: it makes none here.
    Error.prepareStackTrace = undefined;
  }

  async teardown() {
    this.moduleMocker.restoreAllMocks();
    this.fakeTimersModern.dispose();
    for (const name of Object.keys(process.env)) if (!(name in this.before.env)) delete process.env[name];
    Object.assign(process.env, this.before.env);
    process.exit = this.before.exit; // jest wraps it for each suite
    if (process.cwd() !== this.before.directory) process.chdir(this.before.directory);
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  /** Nothing runs in it: only that jest asks for one. */
  getVmContext() {
    return (this.context ??= createContext());
  }
}
