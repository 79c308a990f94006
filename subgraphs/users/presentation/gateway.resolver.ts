import { Arg, Directive, ID, Query, Resolver } from 'type-graphql';
import { isId } from '../../../platform/ids.ts';
import type { CheckSession, SessionState } from '../application/check-session.ts';
import { SessionStateType } from './session.graph.ts';

/** What the gateway asks for each token it is shown; not in the public graph. */
@Resolver()
export class GatewayResolver {
  constructor(private readonly given: { publicSet: () => Promise<string>; checkSession: CheckSession }) {}

  @Directive('@inaccessible')
  @Query(() => String, { description: 'The public keys that access tokens are checked with, as a JSON Web Key Set.' })
  jwks(): Promise<string> {
    return this.given.publicSet();
  }

  @Directive('@inaccessible')
  @Query(() => SessionStateType, { nullable: true, description: 'Whether a session still lives; null when there is none of that id.' })
  async sessionState(@Arg('sessionId', () => ID, { description: 'The `sid` of a token.' }) sessionId: string): Promise<SessionState | null> {
    return isId('ses', sessionId) ? this.given.checkSession(sessionId) : null;
  }
}
