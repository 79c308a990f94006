/**
 * What Atlas asks of a model, whoever made it: say something about passages, piece by piece, until it is done or told to
 * stop. A citation is a mark `[n]` that names a passage, `[none]` says that none of them holds the answer (domain/citing.ts).
 */

/** Decimals as text: money is never a binary fraction. For a million tokens. */
export interface Price { readonly input: string; readonly output: string; readonly currency: 'USD' }
export interface ModelUsage { readonly inputTokens: number; readonly outputTokens: number }

export type Said =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'tool'; readonly id: string; readonly name: string; readonly input: unknown }
  | { readonly kind: 'end'; readonly usage: ModelUsage; readonly stopped: 'end' | 'length' | 'tool' };

/** A part of an item's body: `text` is exactly what stands there from `start` to `end`, in UTF-16 units. */
export interface Passage {
  readonly itemId: string;
  readonly version: number;
  readonly title: string;
  /** The headings that it stands under, outermost first. */
  readonly headings: readonly string[];
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** What a model may ask to be done. `input` is a JSON schema. */
export interface Tool { readonly name: string; readonly description: string; readonly input: Readonly<Record<string, unknown>> }
/** What it asked for in this run, and what came of it. */
export interface ToolUse { readonly id: string; readonly name: string; readonly input: unknown; readonly output: string }

export interface Prompt {
  readonly system: string;
  /** What was said before in the conversation, oldest first. */
  readonly turns: readonly { readonly role: 'user' | 'assistant'; readonly text: string }[];
  readonly passages: readonly Passage[];
  readonly question: string;
  /** It has said this of its answer already, as it said it, marks and all: it goes on after it. */
  readonly said?: string;
  readonly tools?: readonly Tool[];
  readonly used?: readonly ToolUse[];
}

export interface Model {
  readonly name: string;
  readonly price: Price;
  /** It says sentences of passages as they stand there: telling it anything else is of no use. */
  readonly quotes?: true;
  /** Ends with one `end`. Refuses with MODEL_UNAVAILABLE; when `signal` is aborted, with its reason. */
  say(prompt: Prompt, signal: AbortSignal): AsyncIterable<Said>;
}

/** Whose words follow: said before anything else, because others may have been asked first. */
export interface Speaker { readonly kind: 'speaker'; readonly model: string; readonly price: Price }

export interface Models {
  /** In the order in which they are asked. */
  readonly names: readonly string[];
  /** What a call is worth at most. */
  readonly dearest: Price;
  /** Those of them that find words of their own. */
  readonly ofLanguage: readonly string[];
  /** By the first that answers, `first` before the others; once one has begun, no other goes on for it. */
  say(prompt: Prompt, signal: AbortSignal, first?: string | null): AsyncIterable<Speaker | Said>;
}

/** The same models, this one asked first. A call that is said to begin with another does, and a name that is none of theirs changes nothing. */
export const preferring = (models: Models, chosen: string | null): Models => (chosen === null || !models.names.includes(chosen) ? models : {
  ...models,
  names: [chosen, ...models.names.filter((name) => name !== chosen)],
  say: (prompt, signal, first) => models.say(prompt, signal, first ?? chosen),
});

/** How words are compared: by their stems, and without the commonest. */
export interface Analyzer {
  stem(language: string, word: string): string;
  isStop(language: string, word: string): boolean;
}
