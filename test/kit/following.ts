/** Somebody who follows what a service's own graph tells, as any viewer: what they got so far, what ended it, and a way to leave. */
import type { GraphAnswer } from '../../platform/graph.ts';
import type { SubgraphName } from '../../platform/names.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { eventually } from './eventually.ts';
import type { Kit } from './services.ts';

export interface Following<Event> {
  got: Event[];
  /** What refused or ended it; `left` when nothing did. */
  ended: Promise<string>;
  atLeast(count: number): Promise<Event[]>;
  leave(): Promise<string>;
}

export function followAs<Event>(kit: Pick<Kit, 'atlas'>, service: SubgraphName, viewer: Viewer, document: string, variables: Record<string, unknown> = {}, pause: () => Promise<void> = async () => undefined): Following<Event> {
  const leaving = new AbortController();
  const got: Event[] = [];
  const read = async (): Promise<string> => {
    for await (const answer of kit.atlas.services.get(service)!.graph.follow({ document, variables, viewer }, leaving.signal)) {
      if (answer.errors) return codeIn(answer);
      got.push(Object.values(answer.data!)[0] as Event);
      await pause();
    }
    return 'left';
  };
  const ended = read();
  return {
    got, ended,
    atLeast: (count) => eventually(`${count} events, of which ${got.length} are there`, () => (got.length >= count ? got : null)),
    leave: () => { leaving.abort(); return ended; },
  };
}

const codeIn = ({ errors }: GraphAnswer): string => errors![0]!.extensions.code;
