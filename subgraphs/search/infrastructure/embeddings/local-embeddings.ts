/** Meaning without a network: each tenant's documents teach a space of their own, and are placed in it. */
import { fileURLToPath } from 'node:url';
import { LRUCache } from 'lru-cache';
import { Piscina } from 'piscina';
import type { TenantId } from '../../../../platform/ids.ts';
import type { Embeddings, Said } from '../../domain/ports.ts';
import { Breath } from '../postgres-index/breath.ts';
import type { ToLearn } from './learn/thread.ts';
import { LatentSpace, type KeptSpace } from './latent-space.ts';
import { TermCounts } from './term-counts.ts';

export const SPACE_DIMENSIONS = 256;
const TERMS_MAX = 30_000;
/** More documents than this teach a space next to nothing, and cost as much time again. */
const LEARNED_MAX = 20_000;
/** Fewer have too little to say about how words go together. */
const LEARNED_MIN = 20;
/** A space is learned anew when there are so many times the documents that it was learned from, or when it was so many times those that are left. */
const GROWTH = 1.5;
/** A title says more about its document than as many words of its text: as often it counts in keyword search too. */
const TITLE_TIMES = 3;
const MEMORY_BYTES = 128 * 1_024 * 1_024;
/** Another process may have learned a newer one; until it is seen, the older one serves as well. */
const FRESH_MS = 5_000;
const IDLE_MS = 10_000;
/** Twenty thousand documents take some twenty seconds of a processor of its own; a thread that says nothing for so long has lost its way. */
const LEARNING_MS = 10 * 60_000;
const THREAD_MB_MAX = 1_024;
const THREAD = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './learn/thread.mjs' : './learn/thread.js', import.meta.url));

/** Where the spaces are kept; each time one is learned it gets the next generation. */
export interface Spaces {
  generation(tenantId: TenantId): Promise<number | null>;
  get(tenantId: TenantId): Promise<{ generation: number; space: KeptSpace } | null>;
  put(tenantId: TenantId, space: KeptSpace): Promise<void>;
}
/** The documents of a tenant (`saidIn`), in batches; of more than `most` some that stand for all. */
export interface Corpus {
  count(tenantId: TenantId): Promise<number>;
  texts(tenantId: TenantId, most: number): AsyncIterable<readonly Said[]>;
}

export interface LocalEmbeddings extends Embeddings {
  /**
   * Learns a tenant's space when there are enough documents for a first or a better one, and says whether it has. Then
   * its documents are to be embedded again, in any order and while others ask: old and new vectors may be compared meanwhile.
   */
  learn(tenantId: TenantId): Promise<boolean>;
  close(): Promise<void>;
}

const WEIGHT_MAX = 0.25;
/** A space of few documents finds what words do not, and orders it badly: it may add to the end of their list, not mix into it. */
export const weightOfSpace = (documents: number): number => Math.min(WEIGHT_MAX, (documents / 2_000) ** 3);

/** A text is read word by word, and each is stemmed. */
const STEPS_PER_CHARACTER = 50;
const stepsOf = (said: Said): number => said.reduce((sum, { text }) => sum + text.length, 0) * STEPS_PER_CHARACTER;

interface Held { generation: number; space: LatentSpace | null; seenAt: number }

/** The terms of a piece, by the rules of its language: those of another are others, as in the index of words. */
export type TermsOf = (piece: Said[number]) => readonly string[];

export function localEmbeddings(given: { spaces: Spaces; corpus: Corpus; termsOf: TermsOf }): LocalEmbeddings {
  const stopping = new AbortController();
  const thread = new Piscina({ filename: THREAD, minThreads: 0, maxThreads: 1, idleTimeout: IDLE_MS, recordTiming: false, resourceLimits: { maxOldGenerationSizeMb: THREAD_MB_MAX } });
  thread.on('error', () => undefined); // whoever waits for the thread is told
  const held = new LRUCache<TenantId, Held>({ maxSize: MEMORY_BYTES, sizeCalculation: ({ space }) => (space?.bytes ?? 0) + 100 });
  const spaceOf = async (tenantId: TenantId, newest = false): Promise<LatentSpace | null> => {
    const known = held.get(tenantId);
    if (!newest && known && performance.now() - known.seenAt < FRESH_MS) return known.space;
    const generation = await given.spaces.generation(tenantId);
    const same = known && known.generation === (generation ?? 0);
    const found = same || generation === null ? null : await given.spaces.get(tenantId);
    const space = same ? known.space : found && LatentSpace.from(found.space);
    held.set(tenantId, { generation: found?.generation ?? generation ?? 0, space, seenAt: performance.now() });
    return space;
  };
  const learned = async (tenantId: TenantId, documents: number): Promise<KeptSpace> => {
    const counts = new TermCounts();
    const breath = new Breath();
    for await (const texts of given.corpus.texts(tenantId, LEARNED_MAX)) {
      for (const said of texts) {
        counts.add(termsIn(said, given.termsOf));
        await breath.after(stepsOf(said));
      }
    }
    const before = (await given.spaces.get(tenantId))?.space;
    const wanted: ToLearn = { counted: counts.counted(), termsMost: TERMS_MAX, dimensions: SPACE_DIMENSIONS, documents, before };
    return (await thread.run(wanted, { name: 'learn', signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(LEARNING_MS)]) })) as KeptSpace;
  };
  return {
    name: 'lsa-2',
    isLearned: true,
    async embed(texts, as, tenantId) {
      // What is placed stays where it is: in the space that there is, whoever has learned it.
      const space = await spaceOf(tenantId, as === 'document');
      const breath = new Breath();
      const placed: Float32Array[] = [];
      for (const said of texts) {
        placed.push(space?.place(as === 'document' ? termsIn(said, given.termsOf) : said.flatMap(given.termsOf)) ?? new Float32Array(SPACE_DIMENSIONS));
        await breath.after(stepsOf(said));
      }
      return placed;
    },
    async learn(tenantId) {
      stopping.signal.throwIfAborted();
      const documents = await given.corpus.count(tenantId);
      const before = (await spaceOf(tenantId))?.documents ?? 0;
      if (documents < LEARNED_MIN || (documents < before * GROWTH && documents * GROWTH > before)) return false;
      await given.spaces.put(tenantId, await learned(tenantId, documents));
      held.delete(tenantId);
      return true;
    },
    weight: async (tenantId) => weightOfSpace((await spaceOf(tenantId))?.documents ?? 0),
    close() {
      stopping.abort();
      return thread.destroy();
    },
  };
}

const termsIn = (said: Said, termsOf: TermsOf): string[] => said.flatMap((piece) => {
  const end = piece.text.indexOf('\n');
  const title = termsOf({ ...piece, text: end < 0 ? piece.text : piece.text.slice(0, end) });
  return [...Array.from({ length: TITLE_TIMES - 1 }, () => title).flat(), ...termsOf(piece)];
});
