/** What every model of language that LangChain speaks to has in common: messages in, pieces out, and an end that is one. */
import { AIMessage, AIMessageChunk, HumanMessage, SystemMessage, ToolMessage, type BaseMessage } from '@langchain/core/messages';
import { estimatedUsage } from '../../domain/usage.ts';
import { messagesOf } from '../../domain/messages.ts';
import type { Prompt, Said } from '../../domain/models.ts';

export interface Offered { type: 'function'; function: { name: string; description: string; parameters: Record<string, unknown> } }
type Chunks = AsyncIterable<AIMessageChunk>;
/** One call of a client: `tools` as OpenAI writes them, which LangChain translates. */
export type Stream = (messages: BaseMessage[], given: { signal: AbortSignal; tools: Offered[] }) => Promise<Chunks>;

/** The connection ended, and nobody had said that the answer did. */
export class CutOff extends Error {}

const STOPPED: Readonly<Record<string, 'end' | 'length' | 'tool'>> = {
  stop: 'end', end_turn: 'end', stop_sequence: 'end', content_filter: 'end', refusal: 'end', length: 'length', max_tokens: 'length', tool_calls: 'tool', function_call: 'tool', tool_use: 'tool',
};

export async function* sayBy(stream: Stream, prompt: Prompt, signal: AbortSignal): AsyncIterable<Said> {
  const tools = (prompt.tools ?? []).map(({ name, description, input }): Offered => ({ type: 'function', function: { name, description, parameters: { ...input } } }));
  let asked: AIMessageChunk | undefined;
  let stopped: string | undefined;
  let text = '';
  const tokens = { input: 0, output: 0 };
  for await (const chunk of await stream(langchainMessages(prompt), { signal, tools })) {
    signal.throwIfAborted();
    if (chunk.text !== '') yield { kind: 'text', text: chunk.text };
    text += chunk.text;
    if (chunk.tool_call_chunks?.length) asked = asked ? asked.concat(bare(chunk)) : bare(chunk);
    // Anthropic counts on: what it says at the end holds what it said at the beginning.
    tokens.input = Math.max(tokens.input, chunk.usage_metadata?.input_tokens ?? 0);
    tokens.output = Math.max(tokens.output, chunk.usage_metadata?.output_tokens ?? 0);
    stopped = reasonIn(chunk) ?? stopped;
  }
  signal.throwIfAborted();
  if (stopped === undefined) throw new CutOff('The answer ended before its end.');
  for (const call of asked?.tool_calls ?? []) yield { kind: 'tool', id: call.id ?? call.name, name: call.name, input: call.args };
  const estimated = estimatedUsage(prompt, text);
  yield { kind: 'end', usage: { inputTokens: tokens.input || estimated.inputTokens, outputTokens: tokens.output || estimated.outputTokens }, stopped: STOPPED[stopped] ?? 'end' };
}

/** Only what a call is put together from. */
const bare = ({ tool_call_chunks, id }: AIMessageChunk): AIMessageChunk => new AIMessageChunk({ content: '', tool_call_chunks, ...(id && { id }) });

function reasonIn({ response_metadata, additional_kwargs }: AIMessageChunk): string | undefined {
  const reason: unknown = response_metadata.finish_reason ?? response_metadata.stop_reason ?? additional_kwargs.stop_reason;
  return typeof reason === 'string' ? reason : undefined;
}

function langchainMessages(prompt: Prompt): BaseMessage[] {
  const messages = messagesOf(prompt).map(({ role, text }) => (role === 'system' ? new SystemMessage(text) : role === 'user' ? new HumanMessage(text) : new AIMessage(text)));
  return [...messages, ...(prompt.used ?? []).flatMap(({ id, name, input, output }) => [
    new AIMessage({ content: '', tool_calls: [{ id, name, args: input as Record<string, unknown>, type: 'tool_call' }] }),
    new ToolMessage({ tool_call_id: id, name, content: output }),
  ])];
}
