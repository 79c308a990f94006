/** What a person may be called. */
import { lineOf } from '../../../platform/text.ts';

const NAME_MAX = 200;

export const nameFrom = (typed: string): string => lineOf(typed, 'name', NAME_MAX);
