import { describe, expect, it } from '@jest/globals';
import { defineEvent, described, flag, formerly, id, list, misfitOf, moment, nullable, oneOf, text, whole, type Envelope } from './event.ts';
import { newId } from './ids.ts';

const shape = { who: id('usr'), name: text, at: moment, count: whole, on: flag, how: oneOf('fast', 'slow'), tags: list(text), note: described(nullable(text), 'What was said of it.') };
const thingDone = defineEvent('toys.thing-done', 3, shape, [formerly(2, { name: text }, ({ name }) => ({ ...body, name })), formerly(1, { called: text }, ({ called }) => ({ ...body, name: called }))]);
const body = { who: newId('usr'), name: 'Ann', at: new Date(0).toISOString(), count: 0, on: true, how: 'fast' as const, tags: [], note: null };
const told = (version: number, of: unknown): Envelope => ({
  id: newId('evt'), type: 'toys.thing-done', version, body: of, subject: 'x', subjectVersion: 1, tenant: null, at: body.at, actor: { kind: 'anonymous', id: 'anonymous' }, requestId: null, traceparent: null,
});

describe('an event', () => {
  it('that fits its shape may be told, as it is and no more than that', () => {
    const fact = thingDone(body, { audit: { entityType: 'Thing', entityId: 'x' } });
    expect(misfitOf(fact)).toBeNull();
    expect({ ...fact }).toEqual({ type: 'toys.thing-done', version: 3, body, audit: { entityType: 'Thing', entityId: 'x' } });
  });

  it.each<[string, object]>([
    ['who', { who: newId('key') }],
    ['who', { who: 'usr_1' }],
    ['name', { name: undefined }],
    ['at', { at: new Date(0) }],
    ['at', { at: '1970-01-01' }],
    ['count', { count: -1 }],
    ['count', { count: 0.5 }],
    ['on', { on: 'true' }],
    ['how', { how: 'sideways' }],
    ['tags.1', { tags: ['a', null] }],
    ['note', { note: 1 }],
    ['"token"', { token: 'what nobody declared' }],
  ])('may not be told when it does not fit: %s %j', (field, wrong) => {
    const misfit = misfitOf(thingDone({ ...body, ...wrong } as never));
    expect(misfit).toContain(field);
    expect(misfit).not.toContain('what nobody declared');
  });

  it('is looked at when it is told, so that what was changed after it was recorded counts', () => {
    const tags: string[] = [];
    const fact = thingDone({ ...body, tags });
    tags.push(7 as never);
    expect(misfitOf(fact)).toContain('tags.0');
  });

  it('that no contract made may not be told', () => expect(misfitOf({ ...thingDone(body) })).toContain('defineEvent'));

  it.each([[3, body], [2, { name: 'Ann' }], [1, { called: 'Ann' }]])('told as version %d is read as today’s', (version, of) => {
    const event = told(version, of);
    expect(thingDone.read(event)).toEqual({ ...event, version: 3, body });
  });

  it('of a version to come is not guessed at', () => expect(() => thingDone.read(told(4, body))).toThrow('known here in the versions 3, 2, 1, and this is version 4'));
});
