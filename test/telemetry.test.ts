/** One trace from a client's request through the gateway, a service in another process, its SQL and the event that it told. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ARRANGEMENTS, startArrangement, type Running } from './kit/arrangements.ts';
import { eventually } from './kit/eventually.ts';

interface Span { traceId: string; spanId: string; parentSpanId?: string; name: string; service: string; text: string }

let collector: Server;
const spans: Span[] = [];
let atlas: Running;
beforeAll(async () => {
  collector = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    spans.push(...spansOf(JSON.parse(Buffer.concat(parts).toString())));
    response.setHeader('content-type', 'application/json').end('{}');
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  atlas = await startArrangement(ARRANGEMENTS['a process a service'], { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${(collector.address() as AddressInfo).port}` });
}, 120_000);
afterAll(async () => {
  await atlas?.stop();
  collector.close();
});

/** What an OTLP exporter sends, as far as it matters here. */
function spansOf(body: { resourceSpans: { resource: { attributes: { key: string; value: { stringValue?: string } }[] }; scopeSpans: { spans: (Omit<Span, 'service' | 'text'> & object)[] }[] }[] }): Span[] {
  return body.resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';
    return scopeSpans.flatMap((scope) => scope.spans.map((span) => ({ ...span, service, text: JSON.stringify(span) })));
  });
}

describe('a trace', () => {
  const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
  const password = 'canary phrase that is long';

  it('holds the whole way of a request, through every process, with the id that the client gave', async () => {
    const response = await fetch(atlas.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', traceparent: `00-${traceId}-00f067aa0ba902b7-01`, 'x-request-id': 'request-of-the-trace' },
      body: JSON.stringify({ query: `mutation { register(input: { email: "trace@example.com", password: "${password}", name: "Trace" }) { user { id } userErrors { code } } }` }),
    });
    expect(response.headers.get('x-request-id')).toBe('request-of-the-trace');
    expect(await response.json()).toMatchObject({ data: { register: { userErrors: [] } } });
    const of = (service: string, name: RegExp) => spans.find((span) => span.traceId === traceId && span.service === service && name.test(span.name));
    await eventually('the spans of the way', () =>
      of('gateway', /^POST \/graphql$/) && of('gateway', /^fetch users$/) && of('users', /^POST \/graphql$/) && of('users', /^sql INSERT$/) && of('users', /^handle users\.user-registered$/), 15_000);
    expect(of('users', /^POST \/graphql$/)!.parentSpanId).toBe(of('gateway', /^fetch users$/)!.spanId);
  });

  it('holds no value of a statement and no secret', () => {
    const all = spans.map(({ text }) => text).join('\n');
    expect(all).not.toContain('canary');
    expect(all).not.toContain('$argon2');
    expect(all).not.toContain('trace@example.com');
  });

  it('stands in the log beside the request id', () => {
    const lines = atlas.printed().split('\n').filter((line) => line.includes(traceId));
    expect(lines.some((line) => line.includes('request-of-the-trace'))).toBe(true);
  });
});
