/** The judged collection (judged/about.md), as it is kept. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Item } from './bm25.ts';
import type { Grades } from './measures.ts';

export const HALVES = ['tuning', 'held out'] as const;
export interface Question { id: string; half: (typeof HALVES)[number]; question: string; grades: Grades }

const lines = (file: string): unknown[] => readFileSync(join(import.meta.dirname, 'judged', file), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as unknown);

export const judgedItems = (): Item[] => lines('items.jsonl') as Item[];
export const judgedQuestions = (): Question[] =>
  (lines('questions.jsonl') as (Omit<Question, 'grades'> & { grades: Record<string, number> })[]).map((one) => ({ ...one, grades: new Map(Object.entries(one.grades)) }));
