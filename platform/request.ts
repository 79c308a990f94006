/** The circumstances of the request that is being served, known to everything it awaits. Never rights: those travel in the viewer. */
import { along } from './along.ts';

export interface RequestInfo {
  requestId: string;
  /** The client's address as the gateway saw it. */
  address: string | null;
  userAgent: string | null;
  idempotencyKey: string | null;
  /** Whether an error about the document may name what it might have meant: only to who may see the schema. */
  suggests?: boolean;
  /** When the client gets an answer, whatever it is by then, on this process's own clock (`performance.now()`). */
  deadlineAtMs?: number;
  /** Aborts when nobody waits for the answer any longer: of a stream, when its subscriber has gone. */
  signal?: AbortSignal;
  /** An event is being told: what is read for it must not be older than the event. */
  isEvent?: true;
  /** What this request has told so far (write-token.ts). */
  told?: readonly { id: string; type: string }[];
  /** For the log only. */
  tenantId?: string | null;
  principal?: string;
}

const current = along<RequestInfo>();

export const requestInfo = (): RequestInfo | undefined => current.get();
export const withRequest = <T>(info: RequestInfo, body: () => T): T => current.run(info, body);

/** How the circumstances travel between processes, beside the signed viewer. */
export const REQUEST_HEADERS = {
  requestId: 'x-request-id',
  address: 'atlas-client-address',
  userAgent: 'atlas-client-agent',
  idempotencyKey: 'idempotency-key',
  leftMs: 'atlas-left-ms',
} as const;
