/** What comes in and goes out in jobs, over one kit. */
import './import-items.part.test.ts';
import './export-collection.part.test.ts';
import './jobs.part.test.ts';
