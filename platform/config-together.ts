/** Settings that mean something only together: of those that do not fit each other, one sentence that names them and never their values. */

/** As they were read; undefined where one is not set. */
export interface Together {
  ATLAS_SECRET?: string | undefined;
  KAFKA_USERNAME?: string | undefined; KAFKA_PASSWORD?: string | undefined;
  S3_ENDPOINT?: string | undefined; S3_PUBLIC_ENDPOINT?: string | undefined; S3_BUCKET?: string | undefined; S3_ACCESS_KEY_ID?: string | undefined; S3_SECRET_ACCESS_KEY?: string | undefined;
  EMBEDDINGS_URL?: string | undefined; EMBEDDINGS_MODEL?: string | undefined; EMBEDDINGS_DIMENSIONS?: number | undefined;
  OPENAI_BASE_URL?: string | undefined; OPENAI_API_KEY?: string | undefined; OPENAI_MODEL?: string | undefined;
  ANTHROPIC_BASE_URL?: string | undefined; ANTHROPIC_API_KEY?: string | undefined; ANTHROPIC_MODEL?: string | undefined;
  STRIPE_SECRET_KEY?: string | undefined; STRIPE_API_URL?: string | undefined; STRIPE_WEBHOOK_SECRETS: readonly string[]; STRIPE_TEST_IN_PRODUCTION: boolean;
}

/** Null when they fit. */
export function misfitOf(values: Together, production: boolean): string | null {
  if ((values.KAFKA_USERNAME === undefined) !== (values.KAFKA_PASSWORD === undefined)) return 'KAFKA_USERNAME and KAFKA_PASSWORD must be set together, or neither.';
  const half = halfS3(values) ?? halfEmbeddings(values) ?? halfModels(values);
  if (half) return half;
  if (production && !values.ATLAS_SECRET) return 'ATLAS_SECRET must be set when NODE_ENV is production: at least 32 random characters, the same for all processes.';
  return wrongStripe(values, production);
}

/** Half an S3 would be a folder that nobody meant. */
function halfS3(values: Together): string | null {
  const needed = ['S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'] as const;
  const set = (['S3_BUCKET', 'S3_PUBLIC_ENDPOINT'] as const).find((name) => values[name] !== undefined);
  if (!values.S3_ENDPOINT && set) return `S3_ENDPOINT must be set too: without it ${set} means nothing.`;
  const missing = needed.filter((name) => values[name] === undefined);
  return values.S3_ENDPOINT && missing.length > 0 ? `${missing.join(', ')} must be set when S3_ENDPOINT is.` : null;
}

/** A model without its server would be one that nobody asks. */
function halfEmbeddings(values: Together): string | null {
  const set = (['EMBEDDINGS_MODEL', 'EMBEDDINGS_DIMENSIONS'] as const).find((name) => values[name] !== undefined);
  if (!values.EMBEDDINGS_URL && set) return `EMBEDDINGS_URL must be set too: without it ${set} means nothing.`;
  return values.EMBEDDINGS_URL && !values.EMBEDDINGS_MODEL ? 'EMBEDDINGS_MODEL must be set when EMBEDDINGS_URL is.' : null;
}

/** A key without a model asks nobody; a model without a key, or a server of one's own, is asked in vain. */
function halfModels(values: Together): string | null {
  const openai = (['OPENAI_API_KEY', 'OPENAI_BASE_URL'] as const).find((name) => values[name] !== undefined);
  const anthropic = (['ANTHROPIC_API_KEY', 'ANTHROPIC_BASE_URL'] as const).find((name) => values[name] !== undefined);
  if (openai && !values.OPENAI_MODEL) return `OPENAI_MODEL must be set when ${openai} is.`;
  if (values.OPENAI_MODEL && !openai) return 'OPENAI_API_KEY, or OPENAI_BASE_URL, must be set when OPENAI_MODEL is.';
  if (anthropic && !values.ANTHROPIC_MODEL) return `ANTHROPIC_MODEL must be set when ${anthropic} is.`;
  return values.ANTHROPIC_MODEL && !values.ANTHROPIC_API_KEY ? 'ANTHROPIC_API_KEY must be set when ANTHROPIC_MODEL is.' : null;
}

/** Money of real people is moved in production and nowhere else, and in production nobody believes to be paid who is not. */
function wrongStripe(values: Together, production: boolean): string | null {
  const { STRIPE_SECRET_KEY: key, STRIPE_API_URL: url } = values;
  if (!key) {
    const set = (['STRIPE_API_URL', 'STRIPE_WEBHOOK_SECRETS'] as const).find((name) => values[name] !== undefined && values[name].length > 0);
    return set ? `STRIPE_SECRET_KEY must be set too: without it ${set} means nothing.` : null;
  }
  const live = key.slice(3).startsWith('live_');
  if (live && !production) return 'STRIPE_SECRET_KEY is a live key, and NODE_ENV is not production: use a test key.';
  if (!production) return null;
  if (!live && !values.STRIPE_TEST_IN_PRODUCTION) return 'STRIPE_SECRET_KEY is a test key, and NODE_ENV is production: use a live key, or say STRIPE_TEST_IN_PRODUCTION=on.';
  if (url?.startsWith('http:')) return 'STRIPE_API_URL must begin with https:// when NODE_ENV is production.';
  return values.STRIPE_WEBHOOK_SECRETS.length === 0 ? 'STRIPE_WEBHOOK_SECRETS must be set when STRIPE_SECRET_KEY is and NODE_ENV is production: otherwise nobody hears what is paid.' : null;
}
