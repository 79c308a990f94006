import { tmpdir } from 'node:os';
import { describe, expect, it, type jest } from '@jest/globals';

interface Environment { jest: typeof jest; teardown(): Promise<void> }
const { default: ProcessEnvironment } = await import(new URL('./environment.js', import.meta.url).href) as { default: new (given: { projectConfig: object }) => Environment };

describe('a suite', () => {
  it('finds the modules and the errors of the process', async () => {
    const { DatabaseError } = await import('pg');
    expect(new DatabaseError('of a package', 1, 'error')).toBeInstanceOf(Error);
    await expect(import('node:fs').then(({ promises }) => promises.readFile('/nowhere'))).rejects.toBeInstanceOf(Error);
    expect((globalThis as { expect?: unknown }).expect).toBeUndefined();
  });

  it('leaves environment, folder, clock and spied functions as it found them', async () => {
    const before = { env: { ...process.env }, directory: process.cwd(), random: Math.random, exit: process.exit, timer: globalThis.setTimeout };
    const environment = new ProcessEnvironment({ projectConfig: { fakeTimers: {} } });
    process.env.PATH = 'elsewhere';
    process.env.OF_A_SUITE = 'left behind';
    process.chdir(tmpdir());
    process.exit = () => { throw new Error('not by a suite'); };
    environment.jest.spyOn(Math, 'random').mockImplementation(() => 0.5);
    environment.jest.useFakeTimers();
    expect(Math.random()).toBe(0.5);
    expect(globalThis.setTimeout).not.toBe(before.timer);
    await environment.teardown();
    expect({ env: { ...process.env }, directory: process.cwd() }).toEqual({ env: before.env, directory: before.directory });
    expect(process.exit).toBe(before.exit);
    expect(Math.random).toBe(before.random);
    expect(globalThis.setTimeout).toBe(before.timer);
  });

  it('is told its tests though the module that tells them was loaded before it', () => {
    expect(expect.getState().testPath).toBe(import.meta.filename);
    expect(expect.getState().currentTestName).toContain('is told its tests');
  });
});
