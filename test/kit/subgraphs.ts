/** Subgraphs out of SDL and resolvers, behind the engine and nothing else: for what is about plans and fetches. */
import { composeServices } from '@apollo/composition';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { execute, parse, subscribe, type ExecutionResult } from 'graphql';
import { setImmediate as turn } from 'node:timers/promises';
import { openExecutor, type Engine } from '../../gateway/execute.ts';
import type { Asked } from '../../gateway/executor.ts';
import type { GraphAnswer, GraphRequest } from '../../platform/graph.ts';
import type { Reach } from '../../platform/reach/reach.ts';
import { anonymous } from '../../platform/viewer.ts';

const LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key", "@requires", "@external", "@provides", "@shareable", "@interfaceObject", "@override", "@inaccessible"])\n';

export interface Subgraph { sdl: string; resolvers: object }

export const compose = (subgraphs: Record<string, Subgraph>): string => {
  const { supergraphSdl, errors } = composeServices(Object.entries(subgraphs).map(([name, { sdl }]) => ({ name, url: `http://${name}.invalid`, typeDefs: parse(LINK + sdl) })));
  if (!supergraphSdl) throw new Error(errors!.map(({ message }) => message).join('\n'));
  return supergraphSdl;
};

export interface World {
  engine: Engine;
  /** Every request that reached a subgraph. */
  asked: (GraphRequest & { service: string })[];
  ask(query: string, more?: Partial<Asked>): ReturnType<Engine['answerObject']>;
  stop(): Promise<void>;
}

export async function openWorld(subgraphs: Record<string, Subgraph>, more: { before?: (service: string, request: GraphRequest) => Promise<void> | void; isOverridden?: (label: string) => boolean } = {}): Promise<World> {
  const asked: World['asked'] = [];
  const reaches = new Map(Object.entries(subgraphs).map(([service, { sdl, resolvers }]): [string, Reach] => {
    const schema = buildSubgraphSchema({ typeDefs: parse(LINK + sdl), resolvers: resolvers as never });
    const args = ({ document, variables }: GraphRequest) => ({ schema, document: parse(document), variableValues: variables ?? {} });
    const plain = (result: ExecutionResult) => JSON.parse(JSON.stringify(result)) as GraphAnswer;
    return [service, {
      async answer(request) {
        asked.push({ service, ...request });
        await turn(); // like everything that comes from elsewhere
        await more.before?.(service, request);
        return plain(await execute(args(request)));
      },
      async *follow(request) {
        asked.push({ service, ...request });
        const events = await subscribe(args(request));
        if (Symbol.asyncIterator in events) for await (const event of events) yield plain(event);
        else yield plain(events);
      },
    }];
  }));
  const engine = await openExecutor({ supergraphSdl: compose(subgraphs), reaches: () => reaches, ...(more.isOverridden && { isOverridden: more.isOverridden }) });
  return {
    engine, asked,
    ask: async (query, also = {}) => engine.answerObject(await engine.prepare(query, null), { variables: {}, caller: { viewer: anonymous }, ...also }),
    stop: () => engine.stop(),
  };
}
