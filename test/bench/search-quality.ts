/** `npm run bench search-quality`: what search finds on the judged collection, and, with `--cost`, what meaning costs at `--items 100000`. `--keep` leaves the docs alone. */
import { parseArgs } from 'node:util';
import { meaningCosts } from './search/meaning.ts';
import { quality } from './search/quality.ts';
import { withService } from './search/service.ts';
import { publish } from './table.ts';

export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...args], options: { cost: { type: 'boolean', default: false }, items: { type: 'string', default: '100000' }, keep: { type: 'boolean', default: false } } });
  const found = values.cost ? await meaningCosts(Number(values.items)) : await withService((rankers) => quality(rankers));
  if (values.keep) process.stdout.write(`\n${found}\n`);
  else publish(values.cost ? 'search-meaning' : 'search-quality', found);
}
