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
    ['USERS_URL', 'canary'], ['S3_ENDPOINT', 'canary'], ['S3_BUCKET', 'Canary!'], ['S3_PATH_STYLE', 'canary'], ['OBJECTS_URL', 'https://example.com/?canary'], ['TENANTS_PORT', 'canary'], ['DRAIN_MS', '-1'], ['DATABASE_POOL', '0'], ['SESSION_DAYS', '0'], ['TRUST_PROXY', 'canary'], ['CORS_ORIGINS', 'https://app.example.com/canary'],
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

  it('know where services run and listen', () => {
    expect(readSettings({ USERS_URL: 'http://users:4001/graphql', TENANTS_PORT: '5002' })).toMatchObject({
      urls: { users: 'http://users:4001/graphql' }, ports: { users: 4001, tenants: 5002 }, portsSet: ['tenants'],
    });
  });
});
