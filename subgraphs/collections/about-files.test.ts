/** Everything about files of items, over one kit. */
import './attachments.part.test.ts';
import './attachment-files.part.test.ts';
