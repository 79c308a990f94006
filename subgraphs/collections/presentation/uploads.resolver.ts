import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { CreateUpload } from '../application/create-upload.ts';
import type { Context } from './context.ts';
import { CreateUploadInputType, CreateUploadPayload } from './upload.graph.ts';

interface Asked { createUpload: CreateUpload }

@Resolver()
export class UploadsResolver {
  constructor(private readonly ask: Asked) {}

  @Mutation(() => CreateUploadPayload, { description: 'Says where to send a file that is to be attached or imported, and until when.' })
  createUpload(@Arg('input', () => CreateUploadInputType, { description: 'What to do.' }) input: CreateUploadInputType, @Ctx() { viewer }: Context): unknown { return this.ask.createUpload(viewer, input); }
}
