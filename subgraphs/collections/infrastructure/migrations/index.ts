import { outbox } from './0001-outbox.ts';
import { collections } from './0002-collections.ts';
import { items } from './0003-items.ts';
import { links } from './0004-links.ts';
import { uploads } from './0005-uploads.ts';
import { jobs } from './0006-jobs.ts';
import { attachments } from './0007-attachments.ts';
import { staleMentions } from './0008-stale-mentions.ts';
import { planLimits } from './0009-plan-limits.ts';

export const migrations = [outbox, collections, items, links, uploads, jobs, attachments, staleMentions, planLimits];
