import { search } from './0001-search.ts';
import { keywordIndex } from './0002-keyword-index.ts';
import { followers } from './0003-followers.ts';
import { forgotten } from './0004-forgotten.ts';

export const migrations = [search, keywordIndex, followers, forgotten];
