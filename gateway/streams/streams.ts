/**
 * What every transport of streams shares: who may open one, what ends it, what it costs. A transport only turns payloads
 * into its own words, and says when a client has taken them.
 */
import type { Settings } from '../../platform/config.ts';
import { Gone } from '../../platform/gone.ts';
import type { Log } from '../../platform/log.ts';
import type { RequestInfo } from '../../platform/request.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { suggestsTo, type Admit, type Admitted, type Suits } from '../edge/admit.ts';
import type { Question } from '../edge/question.ts';
import { within } from '../edge/within.ts';
import type { Asked, Executor, Prepared } from '../executor.ts';
import type { Authenticate, Credentials } from '../policy/authenticate.ts';
import { unspent } from '../policy/charge.ts';
import type { Rate } from '../policy/rate.ts';
import type { Sink } from './delivery.ts';
import { Ended } from './ended.ts';
import { followers } from './followers.ts';
import { bodyOf, payload } from './payload.ts';
import type { Watch } from './watch.ts';

export interface StreamEdge {
  settings: Settings;
  executor: Pick<Executor, 'answer' | 'follow'>;
  authenticate: Authenticate;
  admit: Admit;
  rate: Rate;
  /** Whether callers pay for what they ask, and are told. */
  charges: boolean;
  watch: Watch;
  log: Log;
  /** Headers, or parameters of a socket's greeting, that travel on to subgraphs: only without viewers of Atlas. */
  forward?: readonly string[];
}

/** Who is at the other end, by what they said when they came. */
export interface Client { credentials: Credentials; said: (name: string) => string | null }

/** Who asks what, once it is known. */
export interface Asking { viewer: Viewer; question: Question; admitted: Admitted }

export interface Opened {
  kind: Prepared['kind'];
  prepared: Prepared;
  /** A query or a mutation; goes on for as long as `signal` is quiet. */
  answer(signal: AbortSignal): Promise<string>;
  /** A subscription, to its end; rejects with what ended it early. */
  follow(sink: Sink): Promise<void>;
}

export type EndCode = 'SHUTTING_DOWN' | 'SUPERGRAPH_CHANGED';

/** Whatever goes wrong leaves as `Ended`, with what it has cost. */
export interface Streams {
  /** Everything that HTTP does before anything runs, in the same order. */
  open(from: Client, info: RequestInfo, ask: (viewer: Viewer) => Question | Promise<Question>, suits?: Suits): Promise<Opened>;
  /** What was admitted elsewhere. */
  goOn(asking: Asking, from: Client, info: RequestInfo): Promise<Opened>;
  /** Ends all streams; each says why. */
  end(code: EndCode): void;
}

export function openStreams(edge: StreamEdge): Streams {
  const { rate } = edge;
  const { follow, end } = followers(edge);

  const ready = async ({ viewer, question, admitted }: Asking, { credentials, said }: Client): Promise<Opened> => {
    const { prepared, withheld, bill, meter } = await admitted.prepare();
    const headers = edge.forward && Object.fromEntries(edge.forward.flatMap((name) => { const value = said(name); return value === null ? [] : [[name, value]]; }));
    const asked: Asked = { variables: question.variables, caller: { viewer, ...(headers && { headers }) }, ...withheld };
    return {
      kind: prepared.kind, prepared,
      answer: (signal) => answered(edge, { prepared, asked, bill }, signal),
      follow: (sink) => follow({ prepared, asked, credentials, meter: meter() }, sink),
    };
  };

  /** Nothing has run: it has cost nothing, and who is known is told what they have left. */
  const unpaid = async (error: unknown, viewer: Viewer | null, address: string | null): Promise<never> => {
    throw new Ended(error, edge.charges ? await unspent(rate, error, viewer && { viewer, address }) : null);
  };

  const opening = async (address: string | null, known: { viewer: Viewer | null }, work: () => Promise<Opened>): Promise<Opened> =>
    work().catch(async (error: unknown) => {
      await rate.refused(address);
      return unpaid(error, known.viewer, address);
    });

  return {
    async open(from, info, ask, suits) {
      const { address } = from.credentials;
      await rate.admit(address).catch((error: unknown) => unpaid(error, null, address));
      const known: { viewer: Viewer | null } = { viewer: null };
      return opening(address, known, async () => {
        const viewer = known.viewer = await edge.authenticate(from.credentials);
        know(info, viewer, edge);
        const question = await ask(viewer);
        return ready({ viewer, question, admitted: await edge.admit(question, viewer, address, suits) }, from);
      });
    },
    async goOn(asking, from, info) {
      know(info, asking.viewer, edge);
      return opening(from.credentials.address, asking, () => ready(asking, from));
    },
    end,
  };
}

const know = (info: RequestInfo, viewer: Viewer, { settings }: StreamEdge): void =>
  void Object.assign(info, { tenantId: viewer.tenantId, principal: viewer.id, suggests: suggestsTo(viewer, settings) });

type Billing = Awaited<ReturnType<Admitted['prepare']>>['bill'];

async function answered({ executor, settings }: StreamEdge, { prepared, asked, bill }: { prepared: Prepared; asked: Asked; bill: Billing }, signal: AbortSignal): Promise<string> {
  const gone = new Gone();
  signal.addEventListener('abort', () => gone.abort(), { once: true });
  try {
    const answer = await within(settings.REQUEST_TIMEOUT_MS, gone, executor.answer(prepared, { ...asked, signal: gone }));
    const billed = await bill(signal.aborted ? null : answer.actualCost);
    return payload(bodyOf(answer), billed && billed.extension);
  } catch (error) {
    throw new Ended(error, await bill(null));
  }
}
