import { describe, expect, it } from '@jest/globals';
import { openLog, sentenceOf } from './log.ts';
import { withRequest } from './request.ts';

function opened() {
  const lines: string[] = [];
  return { lines, log: openLog({ level: 'info', pretty: false, destination: { write: (line) => void lines.push(line) } }) };
}

describe('the log', () => {
  it('says in every line for which request, tenant and principal', () => {
    const { lines, log } = opened();
    withRequest({ requestId: 'req-1', address: null, userAgent: null, idempotencyKey: null, tenantId: 'tnt_1', principal: 'usr_1' }, () => log.info('hello'));
    expect(JSON.parse(lines[0]!)).toMatchObject({ requestId: 'req-1', tenant: 'tnt_1', principal: 'usr_1', msg: 'hello' });
  });

  it.each(['password', 'token', 'refreshToken', 'secret', 'authorization'])('never writes a %s, wherever it stands', (name) => {
    const { lines, log } = opened();
    log.info({ [name]: 'canary', input: { [name]: 'canary', deeper: { [name]: 'canary' } } }, 'said');
    expect(lines.join('')).not.toContain('canary');
  });

  it('writes of a database error its code and place, never the statement with its values', () => {
    const { lines, log } = opened();
    const error = Object.assign(new Error("insert into x values ('canary')"), { code: '23505', constraint: 'x_key', routine: '_bt_check_unique', detail: 'Key (x)=(canary) already exists.' });
    log.error({ err: new Error('could not save', { cause: error }) }, 'failed');
    log.error({ err: error }, 'failed');
    expect(lines.join('')).not.toContain('canary');
    expect(lines.join('')).toContain('23505');
    expect(lines.join('')).toContain('x_key');
  });

  it('writes of a statement that the driver could not send what the driver said, and none of its values', () => {
    const { lines, log } = opened();
    const error = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    error.message = "insert into x values ('one - canary',\n  'at canary (canary.ts:1:1)') - write EPIPE";
    log.error({ err: new Error('could not save', { cause: error }) }, 'failed');
    log.error({ err: new Error(error.message) }, 'failed');
    expect(lines.join('')).not.toContain('canary');
    expect(lines.map((line) => JSON.parse(line).err.cause?.message ?? JSON.parse(line).err.message)).toEqual(['write EPIPE', 'write EPIPE']);
    expect(sentenceOf(error)).toBe('write EPIPE');
  });
});
