/** What search knows of words is what everybody here does. */
import { openStems } from '../../../platform/stems.ts';
import type { Analyzer } from '../domain/ports.ts';

export const openAnalyzer: () => Analyzer = openStems;
