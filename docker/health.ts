/**
 * The image's health check, in Node because the image has no curl. `health.js` asks whether the process is alive (a
 * restart would help), `health.js ready` whether it can answer now. Which services run here is not told to it: those
 * ports that listen in this container are asked, and there must be one.
 */
import { readSettings } from '../platform/config.ts';

const TIMEOUT_MS = 2_500;

/** Null: nobody listens there. */
async function ask(host: string, port: number, path: string): Promise<boolean | null> {
  try {
    const { ok } = await fetch(`http://${host}:${port}${path}`, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    return ok;
  } catch (error) {
    const { code } = ((error as Error).cause ?? {}) as { code?: string };
    return code === 'ECONNREFUSED' ? null : false;
  }
}

const settings = readSettings(process.env);
const host = settings.HOST === '0.0.0.0' ? '127.0.0.1' : settings.HOST;
const path = process.argv[2] === 'ready' ? '/ready' : '/health';
const answers = (await Promise.all([settings.PORT, ...Object.values(settings.ports)].map((port) => ask(host, port, path)))).filter((answer) => answer !== null);
// Not process.exit(): the answers' connections may still be closing.
process.exitCode = answers.length > 0 && answers.every(Boolean) ? 0 : 1;
