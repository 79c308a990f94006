/** What leaves in traces is held to what may stand in logs: whoever sets an attribute need not think of it. */
import type { Attributes } from '@opentelemetry/api';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';
import { redacted } from '../redact.ts';

export const redactingExporter = (exporter: SpanExporter): SpanExporter => ({
  export: (spans, done) => exporter.export(spans.map(clean), done),
  shutdown: () => exporter.shutdown(),
  forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
});

/** The span itself stays behind the copy: its methods and its clock are the library's. */
const clean = (span: ReadableSpan): ReadableSpan => Object.create(span, {
  name: { value: redacted(span.name), enumerable: true },
  attributes: { value: cleanAll(span.attributes), enumerable: true },
  status: { value: { ...span.status, ...(span.status.message !== undefined && { message: redacted(span.status.message) }) }, enumerable: true },
  events: { value: span.events.map((event) => ({ ...event, ...(event.attributes && { attributes: cleanAll(event.attributes) }) })), enumerable: true },
}) as ReadableSpan;

const cleanAll = (attributes: Attributes): Attributes =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, typeof value === 'string' ? redacted(value) : Array.isArray(value) ? value.map((one) => (typeof one === 'string' ? redacted(one) : one)) as typeof value : value]));
