/**
 * The indexes of one Meilisearch. Documents stand in one that is always called the same; another version is filled beside
 * it under a name of its own, then both change names in one step, and what has the other name goes.
 */
import type { Settings } from 'meilisearch';
import type { KeywordIndex } from '../../domain/ports.ts';
import { reached, type MeiliEngine } from './meili-engine.ts';
import { meiliKeywordIndex } from './meili-keyword-index.ts';
import { SETTINGS, SETTINGS_VERSION } from './meili-settings.ts';

const THERE_ALREADY = 'index_already_exists';
const HEARD: Settings = { filterableAttributes: [], searchableAttributes: ['id'] };

export interface MeiliVersions {
  readonly live: KeywordIndex;
  /** Makes what is not there. Whether what is there was made by other settings than these: then it is to be filled anew. */
  ready(): Promise<{ isOutdated: boolean }>;
  /** An index of these settings with nothing in it. `takeOver` puts it in the place of the live one, which goes; `drop` gives it up. */
  next(): Promise<{ index: KeywordIndex; takeOver(): Promise<void>; drop(): Promise<void> }>;
}

export function meiliVersions(engine: MeiliEngine): MeiliVersions {
  const { client, prefix, done } = engine;
  const namesOf = (mark: string) => ({ items: `${prefix}-items${mark}`, heard: `${prefix}-heard${mark}`, version: `${prefix}-version` });
  const live = namesOf('');
  const make = async (name: string, settings: Settings) => {
    await done(client.createIndex(name, { primaryKey: 'id' }), THERE_ALREADY);
    await done(client.index(name).updateSettings(settings));
  };
  const versions = () => client.index<{ id: string; version: string }>(live.version);
  const note = () => done(versions().addDocuments([{ id: 'live', version: SETTINGS_VERSION }]));
  const remove = async (names: typeof live) => { for (const name of [names.items, names.heard]) await done(client.deleteIndex(name), 'index_not_found'); };
  return {
    live: meiliKeywordIndex(engine, live),
    ready: () => reached(async () => {
      const indexes = new Set((await client.getRawIndexes({ limit: 1_000 })).results.map(({ uid }) => uid));
      if (!indexes.has(live.version)) await make(live.version, HEARD);
      if (!indexes.has(live.heard)) await make(live.heard, HEARD);
      if (!indexes.has(live.items)) {
        await make(live.items, SETTINGS);
        await note();
      }
      const { results } = await versions().getDocuments({ ids: ['live'] });
      return { isOutdated: results[0]?.version !== SETTINGS_VERSION };
    }),
    next: () => reached(async () => {
      const beside = namesOf(`-${SETTINGS_VERSION}`);
      await remove(beside); // one that nobody finished
      await make(beside.items, SETTINGS);
      await make(beside.heard, HEARD);
      return {
        index: meiliKeywordIndex(engine, beside),
        takeOver: () => reached(async () => {
          await done(client.swapIndexes([[live.items, beside.items], [live.heard, beside.heard]].map(([one, other]) => ({ indexes: [one!, other!], rename: false }))));
          await note();
          await remove(beside);
        }),
        drop: () => reached(() => remove(beside)),
      };
    }),
  };
}
