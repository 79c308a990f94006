import { Directive, Field, ObjectType } from 'type-graphql';
import { NodeType } from '../../../platform/graph-types.ts';
import type { User } from '../domain/user.ts';

/** What the world may see of a user. Who sees the e-mail and what is only one's own is decided by user.resolver.ts. */
@Directive('@key(fields: "id")')
@Directive('@key(fields: "nodeId")')
@ObjectType('User', { implements: NodeType, description: 'A person with an account. Seen by oneself and by those who share a tenant.' })
export class UserType extends NodeType implements Pick<User, 'name' | 'createdAt'> {
  @Field(() => String, { description: 'What the person wants to be called.' }) name!: string;
  @Field(() => Date, { description: 'When the account was made.' }) createdAt!: Date;
}
