/** What a call can throw. Both carry a code from docs/errors.md, so that a program decides by code and a person reads the sentence. */

export interface WireError {
  message: string;
  path?: readonly (string | number)[];
  extensions?: { code?: string; status?: number; requestId?: string; retryable?: boolean; missing?: string; retryAfterSeconds?: number };
}

/** The request, or a part of it, was refused or failed. */
export class RequestError extends Error {
  readonly code: string;
  readonly status: number;
  readonly requestId: string | undefined;
  readonly retryable: boolean;
  /** The role or scope that would have sufficed. */
  readonly missing: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(readonly errors: readonly WireError[], status: number, cause?: unknown) {
    const [first] = errors;
    super(first?.message ?? 'Atlas did not answer.', { cause });
    this.name = 'RequestError';
    this.code = first?.extensions?.code ?? 'SUBGRAPH_UNAVAILABLE';
    this.status = first?.extensions?.status ?? status;
    this.requestId = first?.extensions?.requestId;
    this.retryable = first?.extensions?.retryable ?? status >= 500;
    this.missing = first?.extensions?.missing;
    this.retryAfterSeconds = first?.extensions?.retryAfterSeconds;
  }
}

export interface UserErrorData { code: string; message: string; path?: readonly string[] | null }

/** A mutation changed nothing because of something that a person can mend. */
export class InputError extends Error {
  readonly code: string;
  readonly path: readonly string[];
  constructor(readonly userErrors: readonly UserErrorData[]) {
    super(userErrors[0]!.message);
    this.name = 'InputError';
    this.code = userErrors[0]!.code;
    this.path = userErrors[0]!.path ?? [];
  }
}
