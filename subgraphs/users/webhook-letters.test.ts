import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { eventually } from '../../test/kit/eventually.ts';
import { newPerson } from '../../test/kit/people.ts';
import { answering, openReceiver, type Receiver } from '../../test/kit/receiver.ts';
import { startServices, type Kit } from '../../test/kit/services.ts';
import { done, newTenant, within } from '../../test/kit/tenants.ts';

let kit: Kit;
let gone: Receiver;
beforeAll(async () => {
  kit = await startServices(['users', 'tenants'], { env: { WEBHOOKS_PRIVATE: 'on', WEBHOOKS_HTTP: 'on' } });
  gone = await openReceiver(answering(410));
});
afterAll(async () => {
  await kit.stop();
  await gone.close();
});

it('every owner of a tenant gets one letter about a webhook that was disabled', async () => {
  const ann = await newPerson(kit);
  const tenant = await newTenant(kit, { name: 'Acme' }, { userId: ann.viewer.userId!, viewer: ann.viewer });
  const owner = within({ userId: ann.viewer.userId!, viewer: ann.viewer }, tenant, 'OWNER');
  const { webhook } = done(await kit.ask('tenants', 'mutation($input: CreateWebhookInput!) { createWebhook(input: $input) { webhook { id } userErrors { code } } }', { input: { url: gone.url, eventTypes: ['tenants.*'] } }, owner.viewer));
  const letter = await eventually('the letter', () => kit.letters.find(({ to, subject }) => to === ann.email && subject === 'A webhook of Acme was disabled'));
  expect(letter.text).toContain(webhook.id);
  expect(letter.text).toContain('410 Gone');
  // What it is known by here is what tenants tells, as it is frozen.
  const [told] = await kit.eventsOf('tenants.webhook-disabled');
  const sample = JSON.parse(readFileSync(new URL('../../schema/events/tenants.webhook-disabled.v1.json', import.meta.url), 'utf8')) as { body: object };
  expect(Object.keys(told!.body as object).sort()).toEqual(Object.keys(sample.body).sort());
  expect(kit.letters.filter(({ subject }) => subject.startsWith('A webhook'))).toHaveLength(1);
});
