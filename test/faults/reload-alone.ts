/** The gateway alone over the small graph, as something that is reloaded. */
import { renameSync, writeFileSync } from 'node:fs';
import { ask, compose, type Gateway, type SmallGraph } from '../kit/small-graph.ts';
import type { Reloadable } from './reload.ts';

const NAMES = ['Ada', 'Bob', 'Cyd'];
const person = (at: number) => ({ name: NAMES[at], reviews: [{ text: `Written by ${at + 1}.` }] });

export function reloadableAlone(graph: SmallGraph, { url }: Gateway): Reloadable {
  let before = 0;
  return {
    url,
    query: { query: '{ people { name reviews { text } } }', data: JSON.stringify({ people: NAMES.map((_, at) => person(at)) }) },
    mutation: { query: 'mutation { greet(name: "you") }', data: '{"greet":"Hello you"}' },
    fresh: (alias) => ({ query: `{ ${alias}: latest { text author { name } } }`, data: `{"${alias}":{"text":"Fine.","author":{"name":"Bob"}}}` }),
    follower: {
      query: 'subscription($after: String) { greetings(after: $after) { n cursor person { name reviews { text } } } }', field: 'greetings',
      isRight: ({ n, person: greeted }) => JSON.stringify(greeted) === JSON.stringify(person(Number(n) % NAMES.length)),
    },
    async carriedOut() {
      const now = (await ask(graph.urls.people, '{ greeted }')).body.data!.greeted as number;
      const since = now - before;
      before = now;
      return since;
    },
    put: (reload) => put(graph.file, compose(graph.urls, `extend type Query { reload${reload}: Int }`), reload % 2 === 0),
    serves: async (reload) => (await ask(url, '{ __type(name: "Query") { fields { name } } }')).text.includes(`"reload${reload}"`),
  };
}

/** As deployments and editors do it: another file in its place, or other bytes in the same. */
export function put(file: string, sdl: string, byRename: boolean): void {
  writeFileSync(byRename ? `${file}.new` : file, sdl);
  if (byRename) renameSync(`${file}.new`, file);
}
