/**
 * `npm run docs` writes the tables of docs/ from the code: errors, settings, policy, events. A table stands between two
 * marks in its page; the prose around it is written by hand. With `--check` nothing is written, and a difference fails.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CLOSES } from '../gateway/streams/codes.ts';
import { SETTINGS, serviceSettings } from '../platform/config.ts';
import { ERRORS } from '../platform/errors.ts';
import { rulesByField, sentence } from '../platform/policy.ts';
import { loadSlices, ROOT } from '../schema/slices.ts';
import { anEvent, events } from './event-table.ts';
import { row, table } from './table.ts';

function errors(): string {
  const rows = Object.entries(ERRORS).map(([code, { kind, status, retryable, meaning }]) =>
    row(`\`${code}\``, status, kind === 'user' ? '`userErrors`' : 'top level', retryable ? 'yes' : '', meaning));
  return table(['code', 'status', 'where', 'try again', 'meaning'], rows);
}

function settings(): string {
  const own = Object.entries(SETTINGS).map(([name, { fallback, what }]) => row(`\`${name}\``, fallback, what));
  const ofServices = serviceSettings.map(({ name, fallback, what }) => row(`\`${name}\``, fallback, what));
  return table(['setting', 'default', 'what it is for'], [...own, ...ofServices]);
}

const closes = (): string => table(['code', 'reason', 'again', 'why'], Object.entries(CLOSES).map(([reason, { code, again, meaning }]) => row(code, `\`${reason}\``, again, meaning)));

const streamLimits = (): string => table(['setting', 'default', 'what it is for'], Object.entries(SETTINGS)
  .filter(([name]) => name.startsWith('STREAM')).map(([name, { fallback, what }]) => row(`\`${name}\``, fallback, what)));

async function policy(): Promise<string> {
  const slices = await loadSlices();
  return slices.map(({ name, policy: rules }) => {
    const bySentence = [...rulesByField(rules)].filter(([field]) => !/Connection\.|Edge\.|Payload\./.test(field)).map(([field, rule]) => row(`\`${field}\``, sentence(rule)));
    return `### ${name}\n\n${table(['field', 'who'], bySentence)}`;
  }).join('\n\n');
}

/** Every page with its tables as the code has them; throws when a page has lost its marks. */
export async function pages(root = ROOT): Promise<Map<string, string>> {
  const tables: [page: string, name: string, text: string][] = [
    ['errors.md', 'errors', errors()], ['running.md', 'settings', settings()], ['policy.md', 'policy', await policy()], 
    ['events.md', 'events', events(root)], ['events.md', 'an event', anEvent(root)],
    ['streams.md', 'closes', closes()], ['streams.md', 'stream limits', streamLimits()],
  ];
  const written = new Map<string, string>();
  for (const [page, name, text] of tables) {
    const now = written.get(page) ?? readFileSync(join(root, 'docs', page), 'utf8');
    const marks = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(\\n<!-- /${name} -->)`);
    if (!marks.test(now)) throw new Error(`docs/${page} has lost the marks <!-- ${name} --> … <!-- /${name} -->.`);
    written.set(page, now.replace(marks, (_, open: string, close: string) => `${open}\n${text}\n${close}`));
  }
  return written;
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const check = process.argv.includes('--check');
  for (const [page, text] of await pages()) {
    const file = join(ROOT, 'docs', page);
    if (readFileSync(file, 'utf8') === text) continue;
    process.stdout.write(`docs/${page} ${check ? 'is not what the code says: run npm run docs.' : 'was written.'}\n`);
    if (check) process.exitCode = 1;
    else writeFileSync(file, text);
  }
}
