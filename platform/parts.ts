/**
 * What a process does of a service: it answers (`users:api`), it handles events and tidies up (`users:consumers`), it
 * runs jobs (`users:jobs`), or all of it (`users`). The parts are the same code and need the same settings; only what is
 * registered differs.
 */
import { SettingsError } from './config.ts';
import { SUBGRAPHS, type ServiceName, type SubgraphName } from './names.ts';

const PARTS = ['api', 'consumers', 'jobs'] as const;
export type Part = (typeof PARTS)[number];
/** The services of which this process is one part only. */
export type Parts = ReadonlyMap<ServiceName, Part>;

const NAMES: readonly ServiceName[] = [...SUBGRAPHS, 'gateway'];
const isPart = (word: string): word is Part => PARTS.includes(word as Part);

/** The words of the command line; none names all services. */
export function readStarts(words: readonly string[]): { names: readonly ServiceName[]; parts: Parts } {
  const parts = new Map<ServiceName, Part>();
  const names: ServiceName[] = [];
  for (const word of words) {
    const [name, part, ...more] = word.split(':') as [ServiceName, string | undefined, ...string[]];
    if (!NAMES.includes(name)) throw new SettingsError(`There is no ${word.startsWith('-') ? 'option' : 'service'} called ${name}. There are: ${NAMES.join(', ')}; none named starts all.`);
    if (part !== undefined && name === 'gateway') throw new SettingsError('The gateway has no parts: it answers and handles no events of its own.');
    if (part !== undefined && (!isPart(part) || more.length > 0)) throw new SettingsError(`${word} is no part of ${name}: ${name}:api answers, ${name}:consumers handles events, ${name}:jobs runs jobs, ${name} is all of it.`);
    if (names.includes(name)) throw new SettingsError(`${name} is named twice: ${name} alone is all of its parts.`);
    names.push(name);
    if (part !== undefined) parts.set(name, part as Part);
  }
  return { names: names.length > 0 ? names : NAMES, parts };
}

export const answers = (parts: Parts, name: SubgraphName): boolean => is(parts, name, 'api');
export const consumes = (parts: Parts, name: ServiceName): boolean => is(parts, name, 'consumers');
export const runsJobs = (parts: Parts, name: ServiceName): boolean => is(parts, name, 'jobs');
const is = (parts: Parts, name: ServiceName, part: Part): boolean => (parts.get(name) ?? part) === part;
