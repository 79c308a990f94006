/** What of an error a client sees: one code of the table, a sentence, where it happened. Addresses, paths, SQL and stacks never do. */
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { AtlasError, ERRORS, isErrorCode, toPublic, type BudgetLeft, type ErrorCode } from '../../platform/errors.ts';
import type { Log } from '../../platform/log.ts';
import { requestInfo } from '../../platform/request.ts';
import { errorsTotal } from '../../platform/telemetry/metrics.ts';
import type { Answer } from '../executor.ts';
import { withoutSuggestions } from '../policy/suggestions.ts';

/** Apollo's words for what Atlas has its own for. */
const TRANSLATED: Record<string, ErrorCode> = {
  DOWNSTREAM_SERVICE_ERROR: 'SUBGRAPH_UNAVAILABLE',
  PERSISTED_QUERY_NOT_SUPPORTED: 'BAD_REQUEST',
};
/** Codes whose sentence is made by the GraphQL library from the document alone. */
const ABOUT_THE_DOCUMENT = new Set<ErrorCode>(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT', 'BAD_REQUEST', 'OPERATION_RESOLUTION_FAILURE']);
const SENTENCE_MAX = 500;

/** A message as this request's caller may read it. */
export const spoken = (code: unknown, message: string, suggests = requestInfo()?.suggests ?? false): string =>
  (ABOUT_THE_DOCUMENT.has(code as ErrorCode) && !suggests ? withoutSuggestions(message) : message);

/** Subgraphs that are not Atlas's (`foreign`) have codes and sentences of their own: those are passed on as they are. */
export const masker = (log: Log, foreign = false) => (formatted: GraphQLFormattedError, raw: unknown): GraphQLFormattedError => {
  const known = knownError(raw);
  if (foreign && !known && isData(raw)) return formatted;
  const { message, extensions } = known ? toPublic(known, requestInfo()?.requestId) : fromAnswer(formatted);
  const saidElsewhere = typeof formatted.extensions?.status === 'number'; // the service that failed has logged it
  if (extensions.status === 500 && !saidElsewhere) log.error({ err: known?.cause ?? raw, path: formatted.path }, 'A request failed.');
  errorsTotal.inc({ service: 'gateway', code: extensions.code });
  return { message: spoken(extensions.code, message), ...(formatted.locations && { locations: formatted.locations }), ...(formatted.path && { path: formatted.path }), extensions };
};

/** The AtlasError that this process itself threw, however it was wrapped on the way. */
function knownError(raw: unknown): AtlasError | null {
  for (let at = raw; at instanceof Error; at = at instanceof GraphQLError ? at.originalError : null) if (at instanceof AtlasError) return at;
  return null;
}

/** Neither thrown here nor wrapped around what was. */
const isData = (raw: unknown): boolean => raw instanceof GraphQLError && !raw.originalError;

/** An error that came as data: from a subgraph, which has masked it already, or from the GraphQL library. */
function fromAnswer({ message, extensions = {} }: GraphQLFormattedError): ReturnType<typeof toPublic> {
  const said = TRANSLATED[String(extensions.code)] ?? extensions.code;
  const code: ErrorCode = isErrorCode(said) ? said : 'INTERNAL';
  const fromSubgraph = typeof extensions.status === 'number';
  const speakable = fromSubgraph || ABOUT_THE_DOCUMENT.has(code);
  const { missing, retryAfterSeconds, budget } = extensions as { missing?: unknown; retryAfterSeconds?: unknown; budget?: unknown };
  const shown = toPublic(new AtlasError(code, speakable ? message.slice(0, SENTENCE_MAX) : ERRORS[code].meaning, {
    ...(typeof missing === 'string' && { missing }),
    ...(typeof retryAfterSeconds === 'number' && { retryAfterSeconds }),
    ...(code === 'BUDGET_EXCEEDED' && budget ? { budget: budget as BudgetLeft } : {}),
  }), requestInfo()?.requestId);
  return shown;
}

/** Without data nothing ran: the subscription was refused, or broke, and the answer says why. */
export function refusalIn({ errors }: Pick<Answer, 'errors'>): AtlasError {
  const { message, extensions } = errors?.[0] ?? {};
  const { code, missing, retryAfterSeconds, budget } = (extensions ?? {}) as { code?: unknown; missing?: string; retryAfterSeconds?: number; budget?: BudgetLeft };
  return new AtlasError(isErrorCode(code) ? code : 'INTERNAL', message, { ...(missing && { missing }), ...(retryAfterSeconds && { retryAfterSeconds }), ...(budget && { budget }) });
}
