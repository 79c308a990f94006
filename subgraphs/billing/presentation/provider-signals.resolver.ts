import { Arg, Directive, Mutation, Resolver } from 'type-graphql';
import { AtlasError } from '../../../platform/errors.ts';
import type { ReceiveSignal } from '../application/receive-signal.ts';
import { ReceiveProviderSignalPayload } from './provider-signal.graph.ts';

@Resolver()
export class ProviderSignalsResolver {
  /** Null where no provider tells us anything. */
  constructor(private readonly receive: ReceiveSignal | null) {}

  @Directive('@inaccessible')
  @Mutation(() => ReceiveProviderSignalPayload, { nullable: true, description: 'Keeps what the provider of payments has told, if the provider it was.' })
  async receiveProviderSignal(
    @Arg('payload', () => String, { description: 'The body as it came.' }) payload: string,
    @Arg('signature', () => String, { description: 'How it was signed.' }) signature: string,
  ): Promise<{ kept: boolean }> {
    if (!this.receive) throw new AtlasError('BAD_REQUEST', 'No provider of payments is set up here.');
    await this.receive(payload, signature);
    return { kept: true };
  }
}
