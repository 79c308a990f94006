/** Anthropic's models, by `POST /v1/messages`. */
import type { Model } from '../../domain/models.ts';
import { sayBy, type Stream } from './langchain.ts';
import type { RemoteModel } from './openai.ts';

export function anthropicModel({ url, key, model, price, timeoutMs, outputTokensMax }: RemoteModel): Model {
  let client: Promise<Stream> | undefined;
  const open = async (): Promise<Stream> => {
    const { ChatAnthropic } = await import('@langchain/anthropic');
    const chat = new ChatAnthropic({
      model, apiKey: key ?? 'none', streamUsage: true, maxRetries: 0, maxTokens: outputTokensMax, anthropicApiUrl: url ?? 'https://api.anthropic.com',
      clientOptions: { maxRetries: 0, timeout: timeoutMs, authToken: null, logLevel: 'off' },
    });
    return (messages, { signal, tools }) => chat.stream(messages, { signal, ...(tools.length > 0 && { tools }) });
  };
  return { name: model, price, async *say(prompt, signal) { yield* sayBy(await (client ??= open()), prompt, signal); } };
}
