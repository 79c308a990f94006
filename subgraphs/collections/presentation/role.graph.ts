import { registerEnumType } from 'type-graphql';
import type { CollectionRole as Role } from '../domain/role.ts';

export const CollectionRole: Record<Role, Role> = { OWNER: 'OWNER', EDITOR: 'EDITOR', VIEWER: 'VIEWER' };
registerEnumType(CollectionRole, {
  name: 'CollectionRole',
  description: 'What somebody may do in a collection.',
  valuesConfig: {
    OWNER: { description: 'Everything, also to share and to delete it. Who administers the tenant is this in every collection.' },
    EDITOR: { description: 'To read and to change items.' },
    VIEWER: { description: 'To read.' },
  },
});
