/** Files to be brought in, in every format, some of whose rows are refused; and one that nobody can read. */
import { zipOf } from '../../kit/files.ts';
import { wordsIn, type Row } from '../canaries.ts';
import type { World } from '../world.ts';

export type Format = 'JSONL' | 'CSV' | 'MARKDOWN_ZIP';
export interface MadeFile { content: string | Buffer; rows: Row[] | null; type: string }

const good = (world: World) => ({ title: world.word(), body: `It says ${world.word()}.`, url: `https://example.com/${world.word()}`, tags: [world.word(), 'plain'], metadata: { [world.word()]: world.word() } });
/** Refused for its address, with words in every place. */
const bad = (world: World) => ({ ...good(world), url: `no address ${world.word()}` });
const isGood = ({ url }: { url: string }): boolean => url.startsWith('https:');

export function fileOf(world: World, format: Format): MadeFile {
  const all = Array.from({ length: 1 + Math.floor(world.random() * 3) }, () => (world.chance(0.8) ? good(world) : bad(world)));
  const rows = all.map((row): Row => ({ title: isGood(row) ? row.title : null, words: wordsIn(row) }));
  switch (format) {
    case 'JSONL': return { content: all.map((row) => JSON.stringify(row)).join('\n'), rows, type: 'application/x-ndjson' };
    case 'CSV': return { content: ['title,body,url,tags', ...all.map(({ title, body, url, tags }) => [title, body, url, tags.join(';')].join(','))].join('\n'), rows, type: 'text/csv' };
    case 'MARKDOWN_ZIP': {
      const files = all.map(({ title, body, url }) => ({ name: `${world.word()}.md`, data: `---\ntitle: ${title}\nurl: ${url}\n---\n\n${body}\n` }));
      return { content: zipOf(files), rows: rows.map((row, at) => ({ ...row, words: [...row.words, ...wordsIn(files[at]!.name)] })), type: 'application/zip' };
    }
  }
}
/** No column is called title. */
export const unreadable = (world: World): MadeFile => ({ content: `name,body\n${world.word()},${world.word()}`, rows: null, type: 'text/csv' });
