/** What every bus promises, tried on each adapter by its own test file. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Envelope } from '../event.ts';
import { newId } from '../ids.ts';
import type { Bus } from './bus.ts';

export const envelopeFor = (subject: string, subjectVersion: number, type = 'test.thing-happened'): Envelope => ({
  id: newId('evt'), type, version: 1, subject, subjectVersion, tenant: null, at: new Date().toISOString(),
  actor: { kind: 'system', id: 'system:users' }, requestId: null, traceparent: null, body: { subject, subjectVersion },
});

export function busContract(name: string, open: () => Promise<Bus>): void {
  describe(`the bus: ${name}`, () => {
    let bus: Bus;
    beforeEach(async () => { bus = await open(); });
    afterEach(() => bus.close());

    it('delivers to a group what it asked for, in the order of its subject', async () => {
      const seen: number[] = [];
      bus.group('readers', ['test.thing-happened'], async (event) => void seen.push(event.subjectVersion));
      await bus.publish([1, 2, 3].map((version) => envelopeFor('thing-1', version)));
      await bus.publish([envelopeFor('thing-1', 4, 'test.other-thing'), envelopeFor('thing-1', 5)]);
      expect(seen).toEqual([1, 2, 3, 5]);
    });

    it('lets every tail see every event', async () => {
      const seen: string[] = [];
      bus.tail(['*'], async () => void seen.push('a'));
      bus.tail(['*'], async () => void seen.push('b'));
      await bus.publish([envelopeFor('thing-1', 1)]);
      expect(seen.sort()).toEqual(['a', 'b']);
    });

    it('does not take an event over that a handler could not handle', async () => {
      bus.group('readers', ['*'], async () => { throw new Error('not now'); });
      await expect(bus.publish([envelopeFor('thing-1', 1)])).rejects.toThrow('not now');
    });
  });
}
