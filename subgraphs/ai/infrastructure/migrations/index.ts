import { ai } from './0001-ai.ts';
import { checkpoints } from './0002-checkpoints.ts';
import { remembered } from './0003-remembered.ts';
import { evals } from './0004-evals.ts';
import { enrichments } from './0005-enrichments.ts';
import { tools } from './0006-tools.ts';
import { tariff } from './0007-tariff.ts';
import { choices } from './0008-choices.ts';

export const migrations = [ai, checkpoints, remembered, evals, enrichments, tools, tariff, choices];
