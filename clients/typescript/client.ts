/**
 * A typed client for Atlas: documents in, typed data out, errors as exceptions. Queries are retried when the server says
 * that it helps; mutations too, because each carries an idempotency key and happens once however often it is sent.
 */
import { AskDocument, type AskInput, type AskSubscription, RefreshSessionDocument } from './generated/graphql.ts';
import { InputError, RequestError, type UserErrorData, type WireError } from './errors.ts';
import { eventsIn, followed } from './stream.ts';

/** A generated document: its text, and the types that belong to it. */
export interface Document<Data, Variables> {
  toString(): string;
  /** What codegen knows of it; `hash` is the id under which the gateway trusts it. */
  __meta__?: Record<string, unknown> | undefined;
  __apiType?: (variables: Variables) => Data;
}

export interface Session { accessToken: string; refreshToken: string }

export interface ClientOptions {
  /** Where the gateway is, up to and with `/graphql`. */
  url: string;
  /** An API key, or a session of a person. A session is refreshed when its access token has expired. */
  key?: string;
  session?: Session;
  /** Told when the session was refreshed, so that it can be kept. */
  onSession?: (session: Session) => void;
  /** The tenant to act in, by slug or id; a key has its own. */
  tenant?: string;
  /** Sends ids in place of documents: for keys that are held to trusted ones, and to send less. */
  trustedDocuments?: boolean;
  timeoutMs?: number;
  triesMax?: number;
  fetch?: typeof fetch;
}

const sleep = (ms: number) => new Promise<void>((resolve) => { setTimeout(resolve, ms); });

/** How a document is sent: as text, or by its id. */
type Named = { query: string } | { documentId: string };

/** Something that happens while an answer is made; ignore those that you do not know. */
export type AskEvent = NonNullable<AskSubscription['ask']>;

interface CallOptions { idempotencyKey?: string; signal?: AbortSignal }

const TIMEOUT_MS = 30_000;
const TRIES_MAX = 3;
const PAUSE_MS = 100;

export class AtlasClient {
  private session: Session | undefined;
  private refreshing: Promise<void> | undefined;

  constructor(private readonly options: ClientOptions) {
    this.session = options.session;
  }

  /** The same client for another tenant, key or session. */
  with(changed: Partial<ClientOptions>): AtlasClient {
    return new AtlasClient({ ...this.options, ...(this.session && { session: this.session }), ...changed });
  }

  query<Data, Variables>(document: Document<Data, Variables>, variables: Variables, call: CallOptions = {}): Promise<Data> {
    return this.send(this.named(document), variables, call, null) as Promise<Data>;
  }

  /** Throws InputError when the payload holds `userErrors`. */
  async mutate<Data, Variables>(document: Document<Data, Variables>, variables: Variables, call: CallOptions = {}): Promise<Data> {
    const data = await this.send(this.named(document), variables, call, call.idempotencyKey ?? crypto.randomUUID());
    for (const payload of Object.values(data)) {
      const { userErrors } = (payload ?? {}) as { userErrors?: UserErrorData[] };
      if (userErrors && userErrors.length > 0) throw new InputError(userErrors);
    }
    return data as Data;
  }

  /**
   * The events of a subscription, until it is left (`break`, or the signal) or ends with a RequestError. A document that
   * declares `$after` and whose events select `cursor` goes on by itself after a drop, with nothing missed or doubled.
   */
  subscribe<Data, Variables extends object>(document: Document<Data, Variables>, variables: Variables, call: Pick<CallOptions, 'signal'> = {}): AsyncGenerator<Data, void, undefined> {
    const takesAfter = /\$after\b/.test(document.toString());
    return this.following(document, variables, call, takesAfter ? (asked, after) => ({ ...asked, after }) : null, (variables as { after?: string | null }).after != null);
  }

  /**
   * Asks a question: what happens while it is answered, until it is. A connection that is lost, a process that dies and a
   * page that is loaded anew (`resumeFrom: event.cursor`) go on at the next token; the question is asked once.
   */
  async *ask(input: AskInput, call: Pick<CallOptions, 'signal'> = {}): AsyncGenerator<AskEvent, void, undefined> {
    const goOn = (asked: object, resumeFrom: string) => ({ ...asked, input: { ...input, resumeFrom } });
    for await (const { ask: event } of this.following(AskDocument, { input }, call, goOn, input.resumeFrom != null)) if (event) yield event;
  }

  private following<Data, Variables extends object>(document: Document<Data, Variables>, variables: Variables, call: Pick<CallOptions, 'signal'>, goOn: ((asked: object, cursor: string) => object) | null, isResumed: boolean): AsyncGenerator<Data, void, undefined> {
    const named = this.named(document);
    return followed<Data>({
      variables, goOn, isResumed, signal: call.signal, triesMax: this.options.triesMax,
      open: (asked, signal, begun) => this.opened(named, asked, signal, begun),
      // What a stream's credential was good for may have run out; a key is what it is.
      refresh: async (error) => {
        if (!this.session) throw error;
        await this.refresh(error);
      },
    });
  }

  /** Over event streams: fetch reads them in every browser and in Node, with headers, and needs no library. */
  private async *opened(named: Named, variables: unknown, signal: AbortSignal, begun: () => void): AsyncGenerator<Record<string, unknown>, void, undefined> {
    const { url, fetch: send = fetch } = this.options;
    const response = await send(url, { ...this.asking(named, variables, 'text/event-stream', null), signal })
      .catch((cause: unknown) => { throw new RequestError([], 503, cause); });
    if (response.ok) begun();
    yield* eventsIn(response);
  }

  private asking(named: Named, variables: unknown, accept: string, idempotencyKey: string | null): RequestInit {
    const { key, tenant } = this.options;
    const credential = key ?? this.session?.accessToken;
    return {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept,
        ...(credential && { authorization: `Bearer ${credential}` }),
        ...(tenant && { 'atlas-tenant': tenant }),
        ...(idempotencyKey && { 'idempotency-key': idempotencyKey }),
      },
      body: JSON.stringify({ ...named, variables }),
    };
  }

  private named(document: Pick<Document<unknown, unknown>, 'toString' | '__meta__'>): Named {
    const hash = this.options.trustedDocuments ? document.__meta__?.hash : undefined;
    return typeof hash === 'string' ? { documentId: hash } : { query: document.toString() };
  }

  private async send(named: Named, variables: unknown, call: CallOptions, idempotencyKey: string | null): Promise<Record<string, unknown>> {
    const triesMax = this.options.triesMax ?? TRIES_MAX;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.once(named, variables, call, idempotencyKey);
      } catch (error) {
        if (!(error instanceof RequestError) || attempt >= triesMax || call.signal?.aborted) throw error;
        if (error.code === 'UNAUTHENTICATED' && this.session && attempt === 1) await this.refresh(error);
        else if (!error.retryable) throw error;
        else await sleep(error.retryAfterSeconds ? error.retryAfterSeconds * 1_000 : PAUSE_MS * 2 ** attempt * (0.5 + Math.random()));
      }
    }
  }

  private async once(named: Named, variables: unknown, call: CallOptions, idempotencyKey: string | null): Promise<Record<string, unknown>> {
    const { url, timeoutMs = TIMEOUT_MS, fetch: send = fetch } = this.options;
    const limit = AbortSignal.timeout(timeoutMs);
    let response: Response;
    let body: { data?: Record<string, unknown> | null; errors?: WireError[] };
    try {
      response = await send(url, {
        ...this.asking(named, variables, 'application/json', idempotencyKey),
        signal: call.signal ? AbortSignal.any([call.signal, limit]) : limit,
      });
      body = await response.json() as typeof body;
    } catch (cause) {
      throw new RequestError([], 503, cause);
    }
    if (body.errors && body.errors.length > 0) throw new RequestError(body.errors, response.status);
    if (!body.data) throw new RequestError([], response.status);
    return body.data;
  }

  /** One refresh, however many calls found the token expired at once. */
  private refresh(reason: RequestError): Promise<void> {
    this.refreshing ??= (async () => {
      const { refreshToken } = this.session!;
      this.session = undefined;
      const data = await this.once(this.named(RefreshSessionDocument), { input: { refreshToken } }, {}, null);
      const payload = data.refreshSession as { session: Session | null };
      if (!payload.session) throw reason;
      this.session = payload.session;
      this.options.onSession?.(payload.session);
    })().finally(() => { this.refreshing = undefined; });
    return this.refreshing;
  }
}
