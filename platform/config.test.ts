import { describe, expect, it } from '@jest/globals';
import { readSettings, SETTINGS } from './config.ts';

describe('the settings', () => {
  it('need nothing, and have a value for everything', () => {
    const settings = readSettings({});
    expect(settings).toMatchObject({ PORT: 4000, HOST: '127.0.0.1', production: false, ports: { users: 4001, tenants: 4002 }, urls: {} });
    expect(Object.keys(settings)).toEqual(expect.arrayContaining(Object.keys(SETTINGS)));
  });

  it('take an empty value for none', () => {
    expect(readSettings({ PORT: '', DATABASE_URL: ' ' })).toMatchObject({ PORT: 4000, DATABASE_URL: undefined });
  });

  it.each([
    ['PORT', '99999'], ['PORT', 'canary'], ['DATABASE_URL', 'mysql://canary'], ['REDIS_URL', 'canary'], ['SMTP_URL', 'http://canary'],
    ['LOG_LEVEL', 'canary'], ['INTROSPECTION', 'canary'], ['ACCESS_TOKEN_SECONDS', '901'], ['VIEWER_CACHE_MS', '600001'], ['ATLAS_SECRET', 'canary'],
    ['USERS_URL', 'canary'], ['S3_ENDPOINT', 'canary'], ['S3_BUCKET', 'Canary!'], ['S3_PATH_STYLE', 'canary'], ['MEILI_URL', 'canary'], ['QDRANT_URL', 'ftp://canary'], ['EMBEDDINGS_URL', 'https://example.com/?canary'], ['EMBEDDINGS_MODEL', 'a canary'], ['EMBEDDINGS_DIMENSIONS', '4097'], ['AI_MODELS', 'local,canary'], ['OPENAI_BASE_URL', 'ftp://canary'], ['OPENAI_MODEL', 'a canary'], ['OPENAI_PRICE', 'canary/1'], ['OBJECTS_URL', 'https://example.com/?canary'], ['STRIPE_SECRET_KEY', 'pk_test_canary'], ['STRIPE_WEBHOOK_SECRETS', 'canary'], ['STRIPE_API_URL', 'https://example.com/canary'], ['TENANTS_PORT', 'canary'], ['DRAIN_MS', '-1'], ['DATABASE_POOL', '0'], ['SESSION_DAYS', '0'], ['TRUST_PROXY', 'canary'], ['CORS_ORIGINS', 'https://app.example.com/canary'],
  ])('refuse %s=%s by name, without repeating the value', (name, value) => {
    const refusal = () => readSettings({ [name]: value });
    expect(refusal).toThrow(new RegExp(`^${name} must be `));
    expect(refusal).not.toThrow(/canary/);
  });

  it('insist on a secret in production', () => {
    expect(() => readSettings({ NODE_ENV: 'production' })).toThrow('ATLAS_SECRET must be set');
    expect(readSettings({ NODE_ENV: 'production', ATLAS_SECRET: 'x'.repeat(32) }).production).toBe(true);
  });

  it('want a whole S3 or none', () => {
    const whole = { S3_ENDPOINT: 'https://s3.example.com', S3_BUCKET: 'atlas', S3_ACCESS_KEY_ID: 'canary', S3_SECRET_ACCESS_KEY: 'canary' };
    expect(readSettings(whole)).toMatchObject({ S3_REGION: 'us-east-1', S3_PATH_STYLE: true });
    expect(() => readSettings({ S3_ENDPOINT: whole.S3_ENDPOINT, S3_BUCKET: 'atlas' })).toThrow('S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY must be set when S3_ENDPOINT is.');
    expect(() => readSettings({ ...whole, S3_ENDPOINT: '' })).toThrow('S3_ENDPOINT must be set too: without it S3_BUCKET means nothing.');
  });

  it('want a model and its server, or neither', () => {
    expect(readSettings({ AI_MODELS: 'local, openai', OPENAI_BASE_URL: 'http://localhost:11434/v1', OPENAI_MODEL: 'small', OPENAI_PRICE: '0.15/0.60' })).toMatchObject({ AI_MODELS: ['local', 'openai'], OPENAI_PRICE: ['0.15', '0.60'] });
    expect(() => readSettings({ OPENAI_API_KEY: 'canary' })).toThrow('OPENAI_MODEL must be set when OPENAI_API_KEY is.');
    expect(() => readSettings({ OPENAI_MODEL: 'canary' })).toThrow('OPENAI_API_KEY, or OPENAI_BASE_URL, must be set when OPENAI_MODEL is.');
    expect(() => readSettings({ ANTHROPIC_MODEL: 'm', ANTHROPIC_BASE_URL: 'http://canary.example' })).toThrow('ANTHROPIC_API_KEY must be set when ANTHROPIC_MODEL is.');
    const whole = { EMBEDDINGS_URL: 'https://api.example.com/v1', EMBEDDINGS_MODEL: 'small' };
    expect(readSettings({ ...whole, EMBEDDINGS_DIMENSIONS: '512' })).toMatchObject({ ...whole, EMBEDDINGS_DIMENSIONS: 512 });
    expect(() => readSettings({ ...whole, EMBEDDINGS_MODEL: '' })).toThrow('EMBEDDINGS_MODEL must be set when EMBEDDINGS_URL is.');
    expect(() => readSettings({ ...whole, EMBEDDINGS_URL: '' })).toThrow('EMBEDDINGS_URL must be set too: without it EMBEDDINGS_MODEL means nothing.');
  });

  it('take a live key of Stripe in production alone, and a test key there only when told', () => {
    const production = { NODE_ENV: 'production', ATLAS_SECRET: 'x'.repeat(32), STRIPE_WEBHOOK_SECRETS: 'whsec_canarycanary' };
    expect(readSettings({ STRIPE_SECRET_KEY: 'sk_test_canary' }).STRIPE_SECRET_KEY).toBe('sk_test_canary');
    expect(readSettings({ ...production, STRIPE_SECRET_KEY: 'rk_live_canary' }).STRIPE_SECRET_KEY).toBe('rk_live_canary');
    expect(readSettings({ ...production, STRIPE_SECRET_KEY: 'sk_test_canary', STRIPE_TEST_IN_PRODUCTION: 'on' }).production).toBe(true);
    for (const key of ['sk_live_canary', 'rk_live_canary']) expect(() => readSettings({ STRIPE_SECRET_KEY: key })).toThrow('STRIPE_SECRET_KEY is a live key, and NODE_ENV is not production');
    for (const key of ['sk_test_canary', 'rk_test_canary']) expect(() => readSettings({ ...production, STRIPE_SECRET_KEY: key })).toThrow('STRIPE_SECRET_KEY is a test key, and NODE_ENV is production');
  });

  it('want webhooks of Stripe signed, and another server than Stripe over TLS, in production', () => {
    const production = { NODE_ENV: 'production', ATLAS_SECRET: 'x'.repeat(32), STRIPE_SECRET_KEY: 'sk_live_canary' };
    expect(() => readSettings(production)).toThrow('STRIPE_WEBHOOK_SECRETS must be set');
    const signed = { ...production, STRIPE_WEBHOOK_SECRETS: 'whsec_canaryone, whsec_canarytwo' };
    expect(readSettings(signed).STRIPE_WEBHOOK_SECRETS).toEqual(['whsec_canaryone', 'whsec_canarytwo']);
    expect(() => readSettings({ ...signed, STRIPE_API_URL: 'http://stripe.internal' })).toThrow('STRIPE_API_URL must begin with https://');
    expect(readSettings({ STRIPE_SECRET_KEY: 'sk_test_canary', STRIPE_API_URL: 'http://127.0.0.1:12111' }).STRIPE_API_URL).toBe('http://127.0.0.1:12111');
    expect(() => readSettings({ STRIPE_API_URL: 'http://127.0.0.1:12111' })).toThrow('STRIPE_SECRET_KEY must be set too: without it STRIPE_API_URL means nothing.');
    expect(() => readSettings({ STRIPE_WEBHOOK_SECRETS: 'whsec_canaryone' })).toThrow('STRIPE_SECRET_KEY must be set too: without it STRIPE_WEBHOOK_SECRETS means nothing.');
  });

  it('know where services run and listen', () => {
    expect(readSettings({ USERS_URL: 'http://users:4001/graphql', TENANTS_PORT: '5002' })).toMatchObject({
      urls: { users: 'http://users:4001/graphql' }, ports: { users: 4001, tenants: 5002 }, portsSet: ['tenants'],
    });
  });
});
