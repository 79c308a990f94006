/** Any server that speaks OpenAI's `POST /chat/completions`: its own, Ollama, vLLM, Mistral, a gateway in front of others. */
import type { Model, Price } from '../../domain/models.ts';
import { sayBy, type Stream } from './langchain.ts';

/** The clients' own word about a piece that they could not read would be what a document says, on the console. */
const QUIET = { logLevel: 'off' as const };

export interface RemoteModel { url?: string | undefined; key?: string | undefined; model: string; price: Price; timeoutMs: number; outputTokensMax: number }

export function openAiModel({ url, key, model, price, timeoutMs, outputTokensMax }: RemoteModel): Model {
  let client: Promise<Stream> | undefined;
  const open = async (): Promise<Stream> => {
    const { ChatOpenAICompletions } = await import('@langchain/openai');
    const chat = new ChatOpenAICompletions({
      model, apiKey: key ?? 'none', streamUsage: true, maxRetries: 0, maxTokens: outputTokensMax, timeout: timeoutMs,
      configuration: { baseURL: url ?? 'https://api.openai.com/v1', maxRetries: 0, organization: null, project: null, ...QUIET },
    });
    return (messages, { signal, tools }) => chat.stream(messages, { signal, ...(tools.length > 0 && { tools }) });
  };
  return { name: model, price, async *say(prompt, signal) { yield* sayBy(await (client ??= open()), prompt, signal); } };
}
