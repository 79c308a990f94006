/**
 * The one table of error codes, and the one error that a use case throws. An error has three voices: the code is for
 * machines, the sentence for people, the cause for the log. The cause never leaves the process.
 */

/** `user`: a person can mend it, so a mutation returns it in `userErrors`. `top`: it stops the request. */
type Kind = 'user' | 'top';
interface Meaning { kind: Kind; status: number; retryable: boolean; meaning: string }

const user = (meaning: string, status = 422): Meaning => ({ kind: 'user', status, retryable: false, meaning });
const top = (status: number, meaning: string, retryable = false): Meaning => ({ kind: 'top', status, retryable, meaning });

export const ERRORS = {
  // What a person can mend
  INVALID_INPUT: user('A value is missing, too long or of the wrong form; `path` names it.'),
  EMAIL_TAKEN: user('This e-mail already has an account.', 409),
  PASSWORD_TOO_WEAK: user('The password is too short or too common.'),
  CREDENTIALS_WRONG: user('E-mail and password do not match an account.', 401),
  TOKEN_INVALID: user('The token is unknown, used or expired.'),
  SLUG_TAKEN: user('This slug is taken or reserved.', 409),
  ALREADY_MEMBER: user('This person is a member already.', 409),
  LAST_OWNER: user('A tenant always keeps at least one owner.', 409),
  NOT_FOUND: user('There is nothing with this id that you may see.', 404),
  SCOPE_UNKNOWN: user('This scope does not exist; `apiKeyScopes` lists those that do.'),
  LIMIT_REACHED: user('There are as many of these as there may be; remove one first.', 409),
  PLAN_LIMIT: user('The plan of the tenant holds no more of these; a larger one does.', 402),
  PAYMENT_REQUIRED: user('This plan wants a way to pay first: `startCheckout` leads there.', 402),
  CANCELLED: user('Somebody cancelled this before it was done.', 409),
  WRONG_STATE: user('In the state that it is in, this cannot be done to it.', 409),
  VERSION_CONFLICT: user('Somebody changed this in the meantime; read it again.', 409),
  FILE_UNREADABLE: user('The file is broken, or not what its type says.'),
  FILE_ENCRYPTED: user('The file is locked with a password; take it off and send the file again.'),
  FILE_TOO_LARGE: user('The file, or something in it, is larger than allowed.', 413),
  FILE_TOO_COMPLEX: user('The file could not be read in the time and memory there is.'),

  // What stops a request
  UNAUTHENTICATED: top(401, 'Sign in, or send a valid API key.'),
  SESSION_ENDED: top(401, 'This session was ended; sign in again.'),
  FORBIDDEN: top(403, 'Your role or scope does not reach this; `missing` names what would.'),
  TENANT_REQUIRED: top(400, 'Name a tenant in the `Atlas-Tenant` header.'),
  TENANT_NOT_FOUND: top(404, 'There is no such tenant that you belong to.'),
  CURSOR_INVALID: top(400, 'The cursor was not made by this list.'),
  CURSOR_EXPIRED: top(410, 'What came after this cursor is kept no longer; read anew, and subscribe without it.'),
  WRITE_TOKEN_INVALID: top(400, 'This is no token that `extensions.write` of one of your answers carried.'),
  PAGE_SIZE: top(400, '`first` is between 1 and 100.'),
  IDEMPOTENCY_MISMATCH: top(422, 'This Idempotency-Key was used with another input.'),
  IDEMPOTENCY_IN_PROGRESS: top(409, 'The first request with this Idempotency-Key is still running.', true),
  BUDGET_EXCEEDED: top(402, 'A budget does not reach for this; `budget` says what is left of it, and when it begins anew.'),
  TOO_MANY_ATTEMPTS: top(429, 'Too many attempts; wait and try again.', true),
  RATE_LIMITED: top(429, 'You have spent what a minute allows; wait and try again.', true),
  OVERLOADED: top(503, 'Too much is going on; try again shortly.', true),
  SUBGRAPH_UNAVAILABLE: top(503, 'A part of Atlas does not answer at the moment.', true),
  DEADLINE_EXCEEDED: top(504, 'The request took too long.', true),
  OBJECTS_UNAVAILABLE: top(503, 'Files can be neither kept nor fetched at the moment.', true),
  SEARCH_UNAVAILABLE: top(503, 'A part of search does not answer at the moment.', true),
  PAYMENTS_UNAVAILABLE: top(503, 'The provider of payments does not do what it is asked at the moment; nothing has been paid by this.', true),
  MODEL_UNAVAILABLE: top(503, 'No model answers at the moment.', true),
  SHUTTING_DOWN: top(503, 'This process is stopping; try again.', true),
  SUPERGRAPH_CHANGED: top(503, 'The graph has changed; subscribe again.', true),
  RIGHTS_CHANGED: top(403, 'Your rights have changed; subscribe again with those that you have now.', true),
  SLOW_CONSUMER: top(429, 'Events came faster than you read them, and no more could be kept; subscribe again.', true),
  TOO_MANY_STREAMS: top(429, 'You follow as many streams as you may; close one first.'),
  URL_INVALID: top(403, 'This URL was not made here, or was changed since.'),
  URL_EXPIRED: top(403, 'This URL has expired; ask for another.'),
  UPLOAD_MISMATCH: top(422, 'What was sent is not what the URL was made for.'),
  UPLOAD_UNDER_WAY: top(409, 'Somebody is sending to this URL at this moment; come again when it is over.', true),
  UPLOAD_DONE: top(412, 'This URL has been used: what it was made for is there.'),
  RANGE_INVALID: top(416, 'The file has no such part; `Content-Range` says how long it is.'),
  INTERNAL: top(500, 'Something failed on our side; quote the request id.'),

  // What the edge refuses before anything runs
  BAD_REQUEST: top(400, 'The HTTP request is not a GraphQL request.'),
  GRAPHQL_PARSE_FAILED: top(400, 'The document is not GraphQL.'),
  GRAPHQL_VALIDATION_FAILED: top(400, 'The document does not fit the schema.'),
  BAD_USER_INPUT: top(400, 'A variable does not fit its type.'),
  OPERATION_RESOLUTION_FAILURE: top(400, 'The document has no operation of that name.'),
  TEXT_NOT_ALLOWED: top(400, 'Text may hold neither NUL nor a lone surrogate.'),
  BODY_TOO_LARGE: top(413, 'The request body is larger than allowed.'),
  DOCUMENT_TOO_LARGE: top(400, 'The document is longer than allowed.'),
  TOO_MANY_TOKENS: top(400, 'The document has more tokens than allowed.'),
  TOO_DEEP: top(400, 'The document nests deeper than allowed.'),
  TOO_MANY_ALIASES: top(400, 'The document has more aliases than allowed.'),
  TOO_MANY_ROOT_FIELDS: top(400, 'The document asks for more root fields than allowed.'),
  TOO_MANY_NODES: top(400, 'The document could return more nodes than allowed; ask for smaller pages.'),
  DOCUMENT_TOO_COMPLEX: top(400, 'No plan for this document could be made in the time there is; ask for less at once.'),
  DOCUMENT_NOT_PLANNED: top(500, 'No plan could be made for this document; ask for the same in another way.'),
  COST_TOO_HIGH: top(400, 'The operation could cost more points than a minute allows; ask for less at once.'),
  DOCUMENT_NOT_TRUSTED: top(403, 'Only documents that are known here are answered to this caller.'),
  PERSISTED_QUERY_NOT_FOUND: top(200, 'PersistedQueryNotFound'),
  BATCHING_NOT_ALLOWED: top(400, 'Send one operation a request.'),
  INTROSPECTION_DISABLED: top(403, 'The schema is not shown to this caller here.'),
  METHOD_NOT_ALLOWED: top(405, 'Use POST, or GET for queries.'),
  NOT_ACCEPTABLE: top(406, 'Answers are `application/json` or `application/graphql-response+json`; `Accept` takes neither.'),
} as const satisfies Record<string, Meaning>;

export type ErrorCode = keyof typeof ERRORS;

interface Details {
  cause?: unknown;
  /** Which input the error is about, from its argument down: `['input', 'email']`. A field of a query has no place to say it, so a sentence about an argument names it too. */
  path?: readonly string[];
  /** The role or scope that would have sufficed. */
  missing?: string;
  /** When to come again. */
  retryAfterSeconds?: number;
  /** What is left of the budget that does not reach. */
  budget?: BudgetLeft;
  /** Everything that is wrong with a document, and where. */
  faults?: readonly Fault[];
}

/** Amounts are exact decimals; `currency` is that of a budget in money. */
export interface BudgetLeft { unit: string; currency?: string; limit: string; remaining: string; resetAt: string }

export interface Fault { message: string; locations: readonly { line: number; column: number }[] }

export class AtlasError extends Error {
  readonly code: ErrorCode;
  readonly path: readonly string[] | undefined;
  readonly missing: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly budget: BudgetLeft | undefined;
  readonly faults: readonly Fault[] | undefined;

  constructor(code: ErrorCode, sentence: string = ERRORS[code].meaning, details: Details = {}) {
    super(sentence, { cause: details.cause });
    this.name = 'AtlasError';
    this.code = code;
    this.path = details.path;
    this.missing = details.missing;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.budget = details.budget;
    this.faults = details.faults;
  }
  get kind(): Kind { return ERRORS[this.code].kind; }
  get status(): number { return ERRORS[this.code].status; }
  get retryable(): boolean { return ERRORS[this.code].retryable; }
}

/** What of an error may leave the process. Anything that is not an AtlasError is INTERNAL, its text unsaid. */
export interface PublicError {
  message: string;
  extensions: { code: ErrorCode; status: number; retryable: boolean; requestId?: string; missing?: string; retryAfterSeconds?: number; budget?: BudgetLeft };
}
export function toPublic(error: unknown, requestId?: string): PublicError {
  const known = error instanceof AtlasError ? error : new AtlasError('INTERNAL');
  return {
    message: known.message,
    extensions: {
      code: known.code,
      status: known.status,
      retryable: known.retryable,
      ...(requestId && { requestId }),
      ...(known.missing && { missing: known.missing }),
      ...(known.retryAfterSeconds && { retryAfterSeconds: known.retryAfterSeconds }),
      ...(known.budget && { budget: known.budget }),
    },
  };
}
export const isErrorCode = (code: unknown): code is ErrorCode => typeof code === 'string' && Object.hasOwn(ERRORS, code);
