/** One trace from the client through the gateway, a service, its SQL and its events. Spans are made by hand, few and named. */
import { context, propagation, SpanKind, SpanStatusCode, trace, type Attributes, type Span } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor, type SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { redactingExporter } from './redacting-exporter.ts';

const tracer = () => trace.getTracer('atlas');

/** Starts sending traces when there is somewhere to send them; ids travel either way. */
export async function startTracing(given: { endpoint: string | undefined; process: string }): Promise<{ stop(): Promise<void> }> {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': given.process, 'service.namespace': 'atlas' }),
    spanProcessors: given.endpoint ? [await sendingTo(given.endpoint)] : [],
  });
  trace.setGlobalTracerProvider(provider);
  return {
    stop: async () => {
      await provider.shutdown().catch(() => undefined); // a collector that is away must not hold up the stop
      trace.disable();
      context.disable();
      propagation.disable();
    },
  };
}

/** The library is large: who sends no traces does not wait for it. */
async function sendingTo(endpoint: string): Promise<SpanProcessor> {
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  return new BatchSpanProcessor(redactingExporter(new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` })), { scheduledDelayMillis: 500 });
}

export type SpanKindName = 'server' | 'client' | 'internal' | 'producer' | 'consumer';
const KINDS: Record<SpanKindName, SpanKind> = {
  server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL, producer: SpanKind.PRODUCER, consumer: SpanKind.CONSUMER,
};

/** Runs `body` in a span. `parent` continues a trace that came from elsewhere (a `traceparent`). */
export function inSpan<T>(name: string, given: { kind: SpanKindName; attributes?: Attributes; parent?: string | null | undefined }, body: (span: Span) => Promise<T>): Promise<T> {
  const from = given.parent ? propagation.extract(context.active(), { traceparent: given.parent }) : context.active();
  return tracer().startActiveSpan(name, { kind: KINDS[given.kind], attributes: given.attributes ?? {} }, from, async (span) => {
    try {
      return await body(span);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.name : 'error' });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** A span of something that is already on its way; end it yourself. */
export const openSpan = (name: string, attributes: Attributes): Span => tracer().startSpan(name, { kind: SpanKind.CLIENT, attributes });

/** The running trace, as it is written into headers and envelopes. */
export function currentTraceparent(): string | null {
  const carrier: { traceparent?: string } = {};
  propagation.inject(context.active(), carrier);
  return carrier.traceparent ?? null;
}
