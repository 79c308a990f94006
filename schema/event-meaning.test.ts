import { describe, expect, it } from '@jest/globals';
import { newMeanings } from './event-meaning.ts';

const open = { type: 'object', required: ['a'], properties: { a: { type: 'string' }, b: { enum: ['x', 'y'] } } };
const closed = { ...open, additionalProperties: false };
const c = { type: 'string' };

describe('the meaning of a schema', () => {
  it.each<[string, object, object]>([
    ['notes', open, { ...open, title: 'A thing', description: 'All about it.', properties: { ...open.properties, a: { type: 'string', description: 'A.' } } }],
    ['the order of what is listed', open, { ...open, properties: { b: { enum: ['y', 'x'] }, a: { type: 'string' } } }],
    ['what an open object may hold besides', open, { ...open, properties: { ...open.properties, c } }],
  ])('does not change by %s', (_what, before, after) => expect(newMeanings(before, after)).toEqual([]));

  it.each<[string, object, object, string]>([
    ['what a closed object may hold besides', closed, { ...closed, properties: { ...closed.properties, c } }, 'c: is new, where no other field was promised'],
    ['what an open object must hold besides', open, { ...open, required: ['a', 'c'], properties: { ...open.properties, c } }, 'c: is new and must be there'],
    ['what must be there', open, { ...open, required: ['a', 'b'] }, 'b: must be there now'],
    ['what may be missing', open, { ...open, required: [] }, 'a: may be missing now'],
    ['another type', open, { ...open, properties: { ...open.properties, a: { type: 'integer' } } }, 'a: was "string", is "integer"'],
    ['another bound', open, { ...open, properties: { ...open.properties, a: { type: 'string', maxLength: 3 } } }, 'a: was not said, is 3'],
    ['an object that is opened', closed, open, 'the event: was false, is not said'],
    ['a field that is called as notes are', { properties: { title: c } }, { properties: {} }, 'title: is gone'],
    ['what stands deeper', { properties: { list: { items: closed } } }, { properties: { list: { items: { ...closed, properties: { a: c } } } } }, 'list.b: is gone'],
    ['one of several forms', { anyOf: [c, { type: 'null' }] }, { anyOf: [c, { type: 'integer' }] }, 'the event: was "null", is "integer"'],
  ])('changes by %s', (_what, before, after, line) => expect(newMeanings(before, after)).toEqual([line]));
});
