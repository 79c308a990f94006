import type { Viewer } from '../../../platform/viewer.ts';
import type { Look, Work } from '../../../platform/work.ts';
import { ModelChoice } from '../domain/model-choice.ts';
import { preferring, type Models } from '../domain/models.ts';
import type { Ports } from '../domain/ports.ts';
import type { Making } from './run-context.ts';
import { tenantOf } from './tenant-of.ts';

export interface SeenModelChoice { model: string | null; models: readonly string[] }
export type ChooseModel = ReturnType<typeof chooseModel>;
export type SeeModelChoice = ReturnType<typeof seeModelChoice>;

export const chooseModel = ({ work, models: { names } }: { work: Work<Ports>; models: Pick<Models, 'names'> }) => (viewer: Viewer, { model }: { model?: string | null }): Promise<{ modelChoice: SeenModelChoice }> =>
  work(viewer, async ({ modelChoices }) => {
    const tenantId = tenantOf(viewer);
    const kept = await modelChoices.locked(tenantId);
    const choice = kept ?? new ModelChoice(tenantId);
    choice.choose(model ?? null, names);
    if (!kept) modelChoices.add(choice);
    return { modelChoice: { model: choice.model, models: named(names) } };
  });

export const seeModelChoice = ({ look, models: { names } }: { look: Look<Ports>; models: Pick<Models, 'names'> }) => async (viewer: Viewer): Promise<SeenModelChoice> =>
  ({ model: await look(viewer, ({ modelChoices }) => modelChoices.chosen()), models: named(names) });

/** As the tenant has them asked. */
export const chosenModels = async ({ look, models }: Pick<Making, 'look' | 'models'>, scope: Parameters<Look<Ports>>[0]): Promise<Models> =>
  preferring(models, await look(scope, ({ modelChoices }) => modelChoices.chosen()));

/** Two servers may call theirs the same. */
const named = (names: readonly string[]): string[] => [...new Set(names)];
