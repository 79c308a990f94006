/** What a run has fetched as the answer that its caller gets, and what that was worth: as text where nothing is amiss, exactly where something is. */
import type { AtlasError } from '../../platform/errors.ts';
import type { SaidUsage } from '../../platform/said-usage.ts';
import { project, type Projected, type ToProject } from '../compile/project.ts';
import type { Data } from '../compile/represent.ts';
import type { Selection } from '../compile/shape.ts';
import { JsonText, type Answer } from '../executor.ts';
import type { Asking } from './begin.ts';
import type { Place } from './find.ts';

const NOTHING_REFUSED: ReadonlyMap<string, AtlasError> = new Map();
interface Fetched { data: Data; errors: ToProject['errors']; usage: readonly SaidUsage[] }

export const laidOut = (asking: Asking, fetched: Fetched): Answer => ({ ...whole(project(toProject(asking, fetched))), ...said(fetched) });

/** The same with its data as text, written and counted by functions that were made for the operation. */
export function written(asking: Asking, fetched: Fetched): Answer<JsonText> {
  const { data, errors } = fetched;
  const { operation, asked, variables } = asking;
  if (!asked.refused?.size) {
    const counted = { cost: 0 };
    const text = operation.writer.of(operation.selection(variables), operation.rootType)(data, variables, counted);
    if (text !== undefined) return { data: new JsonText(text), ...(errors.length > 0 && { errors: [...errors] }), actualCost: counted.cost, ...said(fetched) };
  }
  const { data: exact, ...rest } = laidOut(asking, fetched);
  return { ...rest, data: exact ? new JsonText(JSON.stringify(exact)) : null };
}

/** What a run is laid out by when it is not the whole operation. */
export const layOutParts = (asking: Asking) => (errors: ToProject['errors'], selection: Selection, rootType: string, data: Data, at: Place): Projected =>
  project({ ...toProject(asking, { data, errors }), selection, rootType, at });

export const whole = ({ data, errors, actualCost }: Projected): Answer => ({ data, ...(errors.length > 0 && { errors }), actualCost });

const said = ({ usage }: Fetched): Pick<Answer, 'usage'> => (usage.length > 0 ? { usage } : {});

const toProject = ({ operation, asked, variables }: Asking, { data, errors }: Pick<Fetched, 'data' | 'errors'>): ToProject => ({
  schema: operation.schema, selection: operation.selection(variables), rootType: operation.rootType,
  data, errors, variables,
  refused: asked.refused ?? NOTHING_REFUSED,
  weights: operation.via.weights,
});
