import { describe, expect, it } from '@jest/globals';
import { CloudEvent, HTTP } from 'cloudevents';
import { SAMPLES } from '../test/kit/event-contracts.ts';
import { fromCloudEvent, toCloudEvent } from './cloud-event.ts';
import { decimal } from './decimal.ts';
import type { Envelope } from './event.ts';

const samples = SAMPLES.map((sample): [string, Envelope] => [`${sample.type}.v${sample.version}`, sample]);
const bare: Envelope = { ...SAMPLES[0]!, tenant: null, requestId: null, traceparent: null };
delete bare.audit;
const full: Envelope = { ...SAMPLES[0]!, usage: [{ metric: 'api.requests', quantity: decimal(2), attributes: { kind: 'query' } }] };

describe('an event on the wire', () => {
  it.each([...samples, ['with nothing that may be missing', bare], ['with everything', full]])('is a CloudEvent by the standard’s own library: %s', (_name, event) => {
    const told = toCloudEvent(event);
    // Constructing validates, against the standard's schema and its rules for names and values of extensions.
    const theirs = new CloudEvent(told as never, true);
    expect(theirs.toJSON()).toEqual(told);
    expect(JSON.stringify(HTTP.toEvent({ headers: { 'content-type': 'application/cloudevents+json' }, body: JSON.stringify(told) }))).toBe(JSON.stringify(theirs));
  });

  it('is refused by that library when it is none', () => {
    expect(() => new CloudEvent({ ...toCloudEvent(bare), Not_A_Name: 1 } as never, true)).toThrow();
    expect(() => new CloudEvent({ ...toCloudEvent(bare), source: '' } as never, true)).toThrow();
  });

  it.each([...samples, ['with nothing that may be missing', bare], ['with everything', full]])('comes back as it was: %s', (_name, event) => {
    expect(fromCloudEvent(JSON.parse(JSON.stringify(toCloudEvent(event))))).toEqual(event);
  });

  it.each([
    ['another standard', { specversion: '0.3' }],
    ['another’s id', { id: 'b2f1' }],
    ['no type', { type: undefined }],
    ['no subject', { subject: undefined }],
    ['no data', { data: null }],
  ])('of somebody else is not taken for ours: %s', (_what, wrong) => {
    expect(() => fromCloudEvent({ ...toCloudEvent(bare), ...wrong } as never)).toThrow('not an event of Atlas');
  });
});
