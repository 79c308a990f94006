import { tenantTable } from '../../../../platform/database/rights.ts';

/** Which words of a tenant's documents lie near each other: made of its documents alone, for nobody else's. */
export const spaceTable = (): string => `
  CREATE TABLE search.meaning_space (
    tenant_id text COLLATE "C" PRIMARY KEY,
    generation int NOT NULL DEFAULT 1,
    dimensions int NOT NULL,
    documents int NOT NULL,
    terms text NOT NULL,
    scales bytea NOT NULL,
    places bytea NOT NULL,
    learned_at timestamptz(3) NOT NULL DEFAULT now()
  );
  ${tenantTable('search', 'meaning_space', 'SELECT, INSERT, UPDATE')}
`;
