import { describe, expect, it } from '@jest/globals';
import { answering, openReceiver } from '../../../test/kit/receiver.ts';
import { targetOf } from '../domain/webhook.ts';
import type { LookUp } from './public-addresses.ts';
import { undiciReceivers } from './undici-receivers.ts';

/** A resolver that answers these in turn, the last of them for ever. */
const answers = (...lists: string[][]): LookUp & { asked: number } => {
  const lookUp = ((_name, _options, answer) => {
    const list = lists[Math.min(lookUp.asked, lists.length - 1)]!;
    lookUp.asked += 1;
    answer(null, list.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
  }) as LookUp & { asked: number };
  lookUp.asked = 0;
  return lookUp;
};
const receivers = (lookUp: LookUp, allowed: string[] = []) => undiciReceivers({ http: true, allowed, timeoutMs: 2_000, lookUp });
const message = { headers: {}, payload: '{}' };

const INSIDE = [
  // The host as it is, in every spelling that some resolver or kernel takes for it
  'http://127.0.0.1/', 'http://127.1/', 'http://127.0.1/', 'http://2130706433/', 'http://017700000001/', 'http://0x7f000001/', 'http://0x7f.0.0.1/', 'http://0177.0.0.1/', 'http://127.0.0.1./', 'http://127.255.255.254/',
  'http://%31%32%37.0.0.1/', 'http://127。0。0。1/', 'http://①②⑦.⓪.⓪.①/', 'http://0/', 'http://0.0.0.0/', 'http://[::]/', 'http://[::1]/', 'http://[0:0:0:0:0:0:0:1]/',
  'http://[::ffff:127.0.0.1]/', 'http://[::ffff:7f00:1]/', 'http://[::127.0.0.1]/', 'http://[::ffff:0:127.0.0.1]/', 'http://[64:ff9b::127.0.0.1]/', 'http://[2002:7f00:1::]/', 'http://[2001:0:7f00:1::]/',
  'http://localhost/', 'http://localhost./', 'http://LOCALHOST:8080/', 'http://a.localhost/', 'http://printer.local/', 'http://metadata.google.internal/', 'http://metadata/', 'http://nas.home.arpa/',
  // Networks that are not public
  'http://10.0.0.1/', 'http://172.16.0.1/', 'http://172.31.255.255/', 'http://192.168.1.1/', 'http://169.254.169.254/latest/meta-data/', 'http://[fe80::1]/', 'http://[fd00:ec2::254]/', 'http://[fc00::1]/', 'http://[fec0::1]/',
  'http://100.64.0.1/', 'http://100.100.100.200/', 'http://224.0.0.1/', 'http://239.255.255.250/', 'http://[ff02::1]/', 'http://240.0.0.1/', 'http://255.255.255.255/', 'http://192.0.0.1/', 'http://192.0.2.1/', 'http://198.18.0.1/',
  'http://[100::1]/', 'http://[2001:db8::1]/', 'http://[::ffff:10.0.0.1]/', 'http://[::ffff:169.254.169.254]/',
];

describe('where webhooks may go', () => {
  it.each(INSIDE)('not to %s, neither when it is written down nor when it is sent to', async (typed) => {
    const lookUp = answers(['127.0.0.1']);
    const to = receivers(lookUp);
    expect(await to.refusal(targetOf(typed, { http: true }))).not.toBeNull();
    expect(await to.post({ url: typed, format: 'CLOUD_EVENT', ...message })).toMatchObject({ code: null, failure: 'The address is not public.' });
    expect(lookUp.asked).toBe(0); // the text alone says it
    await to.close();
  });

  it.each(['http://8.8.8.8/', 'https://[2606:4700::1111]/', 'https://example.com:8443/hooks?x=1'])('to %s', async (typed) => {
    const to = receivers(answers(['93.184.215.14', '2606:2800:21f:cb07:6820:80da:af6b:8b2c']));
    expect(await to.refusal(targetOf(typed, { http: true }))).toBeNull();
    await to.close();
  });

  it.each([[['127.0.0.1']], [['10.1.2.3']], [['::1']], [['fd00:ec2::254']], [['93.184.215.14', '192.168.0.1']], [['::ffff:10.0.0.1']]])('not to a name that leads to %j', async (addresses) => {
    const to = receivers(answers(addresses));
    expect(await to.refusal(new URL('https://hooks.example.com/'))).toBe('The name does not lead to a public address.');
    expect(await to.post({ url: 'http://hooks.example.com/', format: 'CLOUD_EVENT', ...message })).toMatchObject({ code: null, failure: 'The address is not public.' });
    await to.close();
  });

  it('not to a name that is public when it is checked and leads inside when it is connected to', async () => {
    const inside = await openReceiver(answering(200));
    const url = `http://rebound.example.com:${new URL(inside.url).port}/hook`;
    const to = receivers(answers(['93.184.215.14'], ['127.0.0.1']));
    expect(await to.refusal(new URL(url))).toBeNull();
    expect(await to.post({ format: 'CLOUD_EVENT', url, ...message })).toMatchObject({ code: null, failure: 'The address is not public.' });
    expect(inside.arrived).toEqual([]);
    await to.close();
    // The same with what a setting allows arrives, so that it was the guard that held it back.
    const open = receivers(answers(['127.0.0.1']), ['127.0.0.0/8']);
    expect(await open.post({ url, format: 'CLOUD_EVENT', ...message })).toMatchObject({ code: 200, failure: null });
    expect(inside.arrived).toHaveLength(1);
    await open.close();
    await inside.close();
  });

  it('to what a setting allows, and no further', async () => {
    const to = receivers(answers(['10.1.2.3']), ['10.1.0.0/16', '192.168.7.7']);
    for (const [url, refused] of [['http://10.1.255.1/', false], ['http://10.2.0.1/', true], ['http://192.168.7.7/', false], ['http://192.168.7.8/', true], ['http://inside.example.com/', false], ['http://[::ffff:10.1.0.1]/', true]] as const) {
      expect([url, await to.refusal(new URL(url)) !== null]).toEqual([url, refused]);
    }
    await to.close();
  });
});

describe('an address', () => {
  it.each(['ftp://example.com/', 'file:///etc/passwd', 'javascript:alert(1)', 'gopher://example.com/', 'https://ann:pw@example.com/', 'https://ann@example.com/', 'https://', 'http://127.0.0.1:99999/', 'https://exa mple.com/', `https://example.com/${'x'.repeat(2_000)}`])('is not %s', (typed) => {
    expect(() => targetOf(typed, { http: true })).toThrow();
  });
  it('begins with https:// unless a setting says otherwise', () => {
    expect(() => targetOf('http://example.com/', { http: false })).toThrow('The address must begin with https://.');
    expect(targetOf('HTTPS://Example.com:443/a#b', { http: false }).href).toBe('https://example.com/a');
  });
});
