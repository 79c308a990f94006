/**
 * What every transport of streams shares: who may open one, what ends it, what it costs. A transport only turns payloads
 * into its own words, and says when a client has taken them.
 */
import { Gone } from '../../platform/gone.ts';
import type { RequestInfo } from '../../platform/request.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { suggestsTo, type Admitted, type Suits } from '../edge/admit.ts';
import type { Question } from '../edge/question.ts';
import { within } from '../edge/within.ts';
import { writtenBy } from '../edge/written.ts';
import type { Asked, Prepared } from '../executor.ts';
import type { Credentials } from '../policy/authenticate.ts';
import { unspent } from '../policy/charge.ts';
import type { Sink } from './delivery.ts';
import type { EndCode, StreamEdge } from './edge.ts';
import { Ended } from './ended.ts';
import { followers } from './followers.ts';
import { bodyOf, payload } from './payload.ts';

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

  return {
    async open(from, info, ask, suits) {
      const { address } = from.credentials;
      await rate.admit(address).catch((error: unknown) => refuse(edge, error, { viewer: null, address }));
      const known: Known = { viewer: null, address };
      return counted(edge, known, async () => {
        const viewer = known.viewer = await edge.authenticate(from.credentials);
        know(info, viewer, edge);
        const question = await ask(viewer);
        return ready({ viewer, question, admitted: await edge.admit(question, viewer, address, suits) }, from);
      });
    },
    async goOn(asking, from, info) {
      know(info, asking.viewer, edge);
      return counted(edge, { viewer: asking.viewer, address: from.credentials.address }, () => ready(asking, from));
    },
    end,
  };
}

interface Known { viewer: Viewer | null; address: string | null }

/** Nothing has run: it has cost nothing, and who is known is told what they have left. */
async function refuse(edge: StreamEdge, error: unknown, { viewer, address }: Known): Promise<never> {
  throw new Ended(error, edge.charges ? await unspent(edge, error, viewer && { viewer, address }) : null);
}

/** What is refused again and again is not looked at for a while. */
const counted = (edge: StreamEdge, known: Known, work: () => Promise<Opened>): Promise<Opened> => work().catch(async (error: unknown) => {
  await edge.rate.refused(known.address);
  return refuse(edge, error, known);
});

const know = (info: RequestInfo, viewer: Viewer, { settings }: StreamEdge): void =>
  void Object.assign(info, { tenantId: viewer.tenantId, principal: viewer.id, suggests: suggestsTo(viewer, settings) });

type Billing = Awaited<ReturnType<Admitted['prepare']>>['bill'];

async function answered({ executor, settings, writes }: StreamEdge, { prepared, asked, bill }: { prepared: Prepared; asked: Asked; bill: Billing }, signal: AbortSignal): Promise<string> {
  const gone = new Gone();
  signal.addEventListener('abort', () => gone.abort(), { once: true });
  try {
    const answer = await within(settings.REQUEST_TIMEOUT_MS, gone, executor.answer(prepared, { ...asked, signal: gone }));
    const billed = await bill(signal.aborted ? null : { points: answer.actualCost, usage: answer.usage });
    return payload(bodyOf(answer), billed && billed.extension, writtenBy(asked.caller.viewer, writes));
  } catch (error) {
    throw new Ended(error, await bill(null));
  }
}
