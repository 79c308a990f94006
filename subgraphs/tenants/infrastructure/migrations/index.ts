import { outbox } from './0001-outbox.ts';
import { tenants } from './0002-tenants.ts';
import { trustedDocuments } from './0003-trusted-documents.ts';
import { audit } from './0004-audit.ts';

export const migrations = [outbox, tenants, trustedDocuments, audit];
