import { describe, expect, it } from '@jest/globals';
import { InMemorySpanExporter, BasicTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { makeApiKey } from './api-key.ts';
import { newId } from './ids.ts';
import { openLog } from './log.ts';
import { redacted } from './redact.ts';
import { redactingExporter } from './telemetry/redacting-exporter.ts';

/** The same every time. */
let state = 20_26;
const random = (below: number): number => { state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0; return state % below; };
const digits = (count: number): string => Array.from({ length: count }, () => random(10)).join('');
const letters = (count: number, of = 'abcdefghijkmnpqrstuvwxyz0123456789'): string => Array.from({ length: count }, () => of[random(of.length)]).join('');
const grouped = (text: string, by: number, mark: string): string => text.match(new RegExp(`.{1,${by}}`, 'g'))!.join(mark);

const email = (): string => `${letters(5)}.${letters(6)}${random(2) ? '+x' : ''}@${letters(6)}.${['com', 'example', 'co.uk', 'de'][random(4)]}`;
function iban(): string {
  const [country, length] = ([['DE', 18], ['GB', 18], ['FR', 23], ['NL', 14], ['AT', 16]] as const)[random(5)]!;
  const account = country === 'GB' || country === 'NL' ? `ABNA${digits(length - 4)}` : digits(length);
  const rest = [...`${account}${country}00`].reduce((so, one) => { const value = Number.parseInt(one, 36); return (so * (value > 9 ? 100 : 10) + value) % 97; }, 0);
  const plain = `${country}${String(98 - rest).padStart(2, '0')}${account}`;
  return random(2) ? plain : grouped(plain, 4, ' ');
}
function card(): string {
  const start = `${['4', '51', '37', '6011'][random(4)]}`;
  const body = start + digits((start === '37' ? 14 : 15) - start.length);
  const check = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].find((last) => [...`${body}${last}`].reverse().reduce((sum, one, at) => sum + (at % 2 ? (Number(one) * 2 > 9 ? Number(one) * 2 - 9 : Number(one) * 2) : Number(one)), 0) % 10 === 0)!;
  return random(2) ? `${body}${check}` : grouped(`${body}${check}`, 4, ['-', ' '][random(2)]!);
}
const phone = (): string => [`+49 30 ${digits(4)} ${digits(4)}`, `+1 (212) ${2 + random(8)}${digits(2)}-${digits(4)}`, `0171 ${digits(7)}`, `(030) ${digits(4)}-${digits(3)}`, `212-${2 + random(8)}${digits(2)}-${digits(4)}`, `+44${digits(10)}`][random(6)]!;
const key = (): string => [makeApiKey({ tenantId: newId('tnt'), sandbox: random(2) === 0 }).text, `whsec_${letters(32)}`, `sk-proj-${letters(40)}`, `eyJ${letters(20)}.${letters(40)}.${letters(30)}`, `Bearer ${letters(30)}`, `postgres://atlas:${letters(20)}@db.internal:5432/atlas`][random(6)]!;
const KINDS = [email, phone, iban, card, key];
const planted = Array.from({ length: 200 }, (_, at) => KINDS[at % KINDS.length]!());
/** What of it may not be found: a token behind its word, a password within its address. */
const bareOf = (text: string): string => /^Bearer (.*)$/.exec(text)?.[1] ?? /^postgres:\/\/atlas:(.*)@/.exec(text)?.[1] ?? text;

describe('what is of people and secrets', () => {
  it('is found in no line of the log, in whatever place of it two hundred of them stood', () => {
    const lines: string[] = [];
    const log = openLog({ level: 'info', pretty: false, destination: { write: (line) => void lines.push(line) } });
    planted.forEach((one, at) => {
      const said = `Somebody wrote "${one}", and more.`;
      [() => log.info(said), () => log.info({ question: said }, 'asked'), () => log.warn({ input: { deep: [{ text: said }] } }, 'x'), () => log.error({ err: new Error(said, { cause: new Error(one) }) }, 'failed'), () => log.info('said %s', said)][at % 5]!();
    });
    expect(lines).toHaveLength(200);
    for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
    expect(planted.filter((one) => lines.join('').includes(bareOf(one)))).toEqual([]);
  });

  it('leaves in no trace', () => {
    const memory = new InMemorySpanExporter();
    const sent: string[] = [];
    const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(redactingExporter({ export: (spans, done) => { sent.push(...spans.map(({ name, attributes, events, status, spanContext }) => JSON.stringify([name, attributes, events, status, typeof spanContext]))); memory.export(spans, done); }, shutdown: () => memory.shutdown() }))] });
    for (const one of planted) {
      const span = provider.getTracer('t').startSpan(`ask ${one}`, { attributes: { question: `for ${one}`, many: [one], count: 3 } });
      span.addEvent('said', { text: one });
      span.setStatus({ code: 2, message: one });
      span.end();
    }
    expect(sent).toHaveLength(200);
    expect(planted.filter((one) => sent.join('').includes(bareOf(one)))).toEqual([]);
    expect(sent[0]).toContain('"count":3');
    expect(memory.getFinishedSpans()[0]!.duration).toHaveLength(2);
  });

  it.each([
    'The gateway listens on 127.0.0.1:4000 since 2026-11-21T20:36:13.123Z (1763757373123).', 'tnt_01jd3k5v7h8m9n0p1q2r3s4t5v asked 10 000 times in 12.5 ms, 4000 tokens.', 'Version 18.4.0-beta.17, node v20.20.0; lsn 0/1A2B3C4D; 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    'usr_01h455vb4pex5vsknk084sn02q 0191e0c7-8f3a-7c3e-9b1d-3f2a5c6d7e8f 4111 1111 1111 1112', 'INSERT INTO x VALUES ($1, $2) -- 300 rows', 'GB00 WEST 1234 5698 7654 32 is no account; sk- is no key; a@b is no address.',
  ])('is not seen where it is not: %s', (said) => {
    expect(redacted(said)).toBe(said);
  });
});
