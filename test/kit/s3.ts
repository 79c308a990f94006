/**
 * A real S3 for a suite, without Docker: the Versity gateway of docker/s3/Dockerfile, built once by Go from its released
 * module and run on loopback over a folder of its own.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { S3Settings } from '../../platform/objects/s3-client.ts';
import { readSettings } from '../../platform/config.ts';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const VERSION = /versitygw@(v[\d.]+)/.exec(readFileSync(join(ROOT, 'docker', 's3', 'Dockerfile'), 'utf8'))![1]!;
const CACHE = join(ROOT, 'node_modules', '.cache', 'atlas-s3');
const PROGRAM = join(CACHE, VERSION, 'versitygw');

export const S3_NAMES = ['S3_ENDPOINT', 'S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'] as const;

/** Null when there can be one. */
export const whyNoS3 = (): string | null => (existsSync(PROGRAM) || spawnSync('go', ['version']).status === 0 ? null : 'there is no Go to build the Versity gateway with');

/** Beside its place first and renamed then, because suites run at once. */
function built(): string {
  if (existsSync(PROGRAM)) return PROGRAM;
  mkdirSync(CACHE, { recursive: true });
  const fresh = mkdtempSync(join(CACHE, 'building-'));
  const go = spawnSync('go', ['install', `github.com/versity/versitygw/cmd/versitygw@${VERSION}`], { cwd: fresh, encoding: 'utf8', env: { ...process.env, GOBIN: fresh } });
  if (go.status !== 0) {
    rmSync(fresh, { recursive: true });
    throw new Error(`Go could not build the Versity gateway (${go.status ?? go.signal}):\n${go.stdout}${go.stderr}`);
  }
  if (existsSync(PROGRAM)) rmSync(fresh, { recursive: true });
  else renameSync(fresh, join(CACHE, VERSION));
  return PROGRAM;
}

export interface S3Server { env: Record<(typeof S3_NAMES)[number], string>; stop(): Promise<void> }

export async function startS3(): Promise<S3Server> {
  const program = built();
  const folder = mkdtempSync(join(tmpdir(), 'atlas-s3-'));
  const port = await freePort();
  const [bucket, id, secret] = ['atlas', 'atlas', 'a-secret-of-the-suites'];
  mkdirSync(join(folder, 'kept', bucket), { recursive: true });
  mkdirSync(join(folder, 'known'));
  const server = spawn(program, ['--port', `127.0.0.1:${port}`, '--health', '/health', '--quiet', 'posix', '--sidecar', join(folder, 'known'), join(folder, 'kept')], { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ROOT_ACCESS_KEY: id, ROOT_SECRET_KEY: secret } });
  const end = () => new Promise<void>((resolve) => {
    if (server.exitCode !== null || server.signalCode !== null) return resolve();
    server.once('exit', () => resolve());
    server.kill('SIGKILL');
  });
  const onExit = () => { server.kill('SIGKILL'); rmSync(folder, { recursive: true, force: true }); };
  process.once('exit', onExit);
  const endpoint = `http://127.0.0.1:${port}`;
  await eventually('the S3 to answer', () => {
    if (server.exitCode !== null) throw new Error(`The Versity gateway stopped with ${server.exitCode}.`);
    return fetch(`${endpoint}/health`).then(({ ok }) => ok, () => false);
  }, 60_000);
  return {
    env: { S3_ENDPOINT: endpoint, S3_BUCKET: bucket, S3_ACCESS_KEY_ID: id, S3_SECRET_ACCESS_KEY: secret },
    async stop() {
      process.off('exit', onExit);
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The S3 that the run has started, or whoever started the run named; where there is none, the suite says so. */
export function s3OfRun(what: string): S3Settings | null {
  if (process.env.S3_ENDPOINT) return readSettings(Object.fromEntries([...S3_NAMES, 'S3_REGION', 'S3_PATH_STYLE'].map((name) => [name, process.env[name]])));
  process.stderr.write(`No S3_ENDPOINT: ${what} is left out (npm run test:real starts an S3 and tries it).\n`);
  return null;
}
