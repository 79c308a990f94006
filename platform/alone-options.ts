/** What `atlas gateway --supergraph …` can be told on the command line. It imports little, so that `--help` costs nothing. */
import { parseArgs } from 'node:util';
import { SettingsError, type SETTINGS } from './config.ts';

export interface AloneOptions {
  supergraph: string;
  /** What was said here and stands above the environment. */
  settings: Record<string, string>;
  /** Headers of a client, in lower case, that subgraphs get as they came. */
  forward: readonly string[];
  limits: boolean;
}

export const ALONE_HELP = `atlas gateway --supergraph FILE --anonymous [options]
                    the gateway alone, over any supergraph: no accounts, no database
  --supergraph FILE   what it serves, subgraphs' addresses included; a change of the file, or SIGHUP, is taken over
  --anonymous         everyone is let in; what a client may do is for the subgraphs to say
  --port N            where it listens; otherwise PORT, otherwise 4000; 0 for any that is free
  --host ADDRESS      the address that it binds; otherwise HOST, otherwise 127.0.0.1
  --forward NAME,…    headers of a client that travel on to the subgraphs; otherwise authorization; "" for none
  --no-limits         documents of any size, depth and number of aliases
`;

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const OPTIONS = { supergraph: text, anonymous: flag, port: text, host: text, forward: text, 'no-limits': flag };
const NAMES = Object.keys(OPTIONS).map((name) => `--${name}`).join(', ');
const isOption = (name: string): name is keyof typeof OPTIONS => Object.hasOwn(OPTIONS, name);
/** They belong to one connection or one body; the gateway writes its own. */
const NOT_FORWARDED = new Set(['accept', 'accept-encoding', 'connection', 'content-encoding', 'content-length', 'content-type', 'expect', 'host', 'keep-alive', 'te', 'trailer', 'transfer-encoding', 'upgrade']);

/** The settings that mean something to a gateway alone; NODE_ENV and its demands are about accounts. */
export const ALONE_SETTINGS = [
  'PORT', 'HOST', 'CORS_ORIGINS', 'TRUST_PROXY', 'INTROSPECTION', 'GRAPHIQL', 'LOG_LEVEL', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'REQUEST_TIMEOUT_MS', 'ASK_TIMEOUT_MS',
  'BREAKER_FAILURES', 'BREAKER_PROBE_MS', 'DRAIN_MS', 'DRAIN_NOTICE_MS',
] as const satisfies readonly (keyof typeof SETTINGS)[];

export function readAloneOptions(words: readonly string[]): AloneOptions {
  const { values, tokens } = parseArgs({ args: [...words], strict: false, tokens: true, options: OPTIONS });
  for (const token of tokens) {
    if (token.kind === 'positional') throw new SettingsError(`${token.value} is not an option: beside --supergraph only the gateway runs. There are: ${NAMES}.`);
    if (token.kind !== 'option') continue;
    if (!isOption(token.name)) throw new SettingsError(`There is no option called ${token.rawName}. There are: ${NAMES}.`);
    if (OPTIONS[token.name] === flag && token.value !== undefined) throw new SettingsError(`${token.rawName} takes no value.`);
  }
  const value = (name: keyof typeof OPTIONS): string | undefined => {
    const given = values[name];
    if (given === undefined) return undefined;
    // What looks like an option and stands where a value belongs was not meant as one.
    if (typeof given !== 'string' || (given === '' && name !== 'forward') || given.startsWith('--')) throw new SettingsError(`--${name} needs a value.`);
    return given;
  };

  const supergraph = value('supergraph');
  if (supergraph === undefined) throw new SettingsError('Name the supergraph that is to be served: --supergraph FILE.');
  if (!values.anonymous) throw new SettingsError('Add --anonymous: over a supergraph of its own the gateway knows no accounts and lets everyone in.');
  const [port, host] = [portOf(value('port')), value('host')];
  return { supergraph, settings: { ...(port && { PORT: port }), ...(host && { HOST: host }) }, forward: headersOf(value('forward')), limits: !values['no-limits'] };
}

function portOf(given: string | undefined): string | undefined {
  if (given !== undefined && (!/^\d{1,5}$/.test(given) || Number(given) > 65_535)) throw new SettingsError('--port must be a port number.');
  return given;
}

function headersOf(given = 'authorization'): readonly string[] {
  const names = [...new Set(given.split(',').map((name) => name.trim().toLowerCase()).filter(Boolean))];
  for (const name of names) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) throw new SettingsError('--forward takes names of headers, separated by commas.');
    if (NOT_FORWARDED.has(name)) throw new SettingsError(`--forward cannot pass on ${name}: it belongs to the client's own connection.`);
  }
  return names;
}
