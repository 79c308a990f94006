import { outbox } from './0001-outbox.ts';
import { tenants } from './0002-tenants.ts';
import { trustedDocuments } from './0003-trusted-documents.ts';
import { audit } from './0004-audit.ts';
import { webhooks } from './0005-webhooks.ts';

export const migrations = [outbox, tenants, trustedDocuments, audit, webhooks];
