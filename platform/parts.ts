/**
 * What a process does of a service: it answers (`users:api`), it handles events and tidies up (`users:consumers`), or
 * both (`users`). Both parts are the same code and need the same settings; only what is registered differs.
 */
import { SettingsError } from './config.ts';
import { SUBGRAPHS, type ServiceName, type SubgraphName } from './names.ts';

export type Part = 'api' | 'consumers';
/** The services of which this process is one part only. */
export type Parts = ReadonlyMap<ServiceName, Part>;

const NAMES: readonly ServiceName[] = [...SUBGRAPHS, 'gateway'];
const isPart = (word: string): word is Part => word === 'api' || word === 'consumers';

/** The words of the command line; none names all services. */
export function readStarts(words: readonly string[]): { names: readonly ServiceName[]; parts: Parts } {
  const parts = new Map<ServiceName, Part>();
  const names: ServiceName[] = [];
  for (const word of words) {
    const [name, part, ...more] = word.split(':') as [ServiceName, string | undefined, ...string[]];
    if (!NAMES.includes(name)) throw new SettingsError(`There is no ${word.startsWith('-') ? 'option' : 'service'} called ${name}. There are: ${NAMES.join(', ')}; none named starts all.`);
    if (part !== undefined && name === 'gateway') throw new SettingsError('The gateway has no parts: it answers and handles no events of its own.');
    if (part !== undefined && (!isPart(part) || more.length > 0)) throw new SettingsError(`${word} is no part of ${name}: ${name}:api answers, ${name}:consumers handles events, ${name} is both.`);
    if (names.includes(name)) throw new SettingsError(`${name} is named twice: ${name} alone is both of its parts.`);
    names.push(name);
    if (part !== undefined) parts.set(name, part as Part);
  }
  return { names: names.length > 0 ? names : NAMES, parts };
}

export const answers = (parts: Parts, name: SubgraphName): boolean => parts.get(name) !== 'consumers';
export const consumes = (parts: Parts, name: ServiceName): boolean => parts.get(name) !== 'api';
