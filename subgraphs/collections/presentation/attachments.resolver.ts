import { Arg, Args, Ctx, FieldResolver, Int, Mutation, Resolver, Root } from 'type-graphql';
import { PageArgs, pageOf, type Connection, type Pages } from '../../../platform/page.ts';
import type { AttachFile } from '../application/attach-file.ts';
import type { RemoveAttachment } from '../application/remove-attachment.ts';
import { textSpanOf, type SeeAttachments } from '../application/see-attachments.ts';
import type { Attachment } from '../domain/attachment.ts';
import type { ItemSeen } from '../domain/item.ts';
import {
  AttachFileInputType, AttachFilePayload, AttachmentConnection, AttachmentTextType, AttachmentType, RemoveAttachmentInputType, RemoveAttachmentPayload,
} from './attachment.graph.ts';
import { personOf, UserStub } from './collection.graph.ts';
import type { Context } from './context.ts';
import { ItemType } from './item.graph.ts';

const INPUT = { description: 'What to do.' };
const LENGTH_DEFAULT = 10_000;

@Resolver(() => ItemType)
export class ItemAttachmentsResolver {
  constructor(private readonly ask: { attachFile: AttachFile; removeAttachment: RemoveAttachment }, private readonly pages: Pages<Attachment>) {}

  @FieldResolver(() => AttachmentConnection, { nullable: true, description: 'The files that belong to it, in the order in which they were attached.' })
  async attachments(@Root() { id }: ItemSeen, @Args(() => PageArgs) args: PageArgs, @Ctx() { attachmentPages }: Context): Promise<Connection<Attachment>> {
    const request = this.pages.request(args, id);
    const found = await attachmentPages.load({ itemId: id, first: request.first, after: request.after?.[0] ?? null });
    return this.pages.connection(pageOf(found, request.first), request);
  }
  @Mutation(() => AttachFilePayload, { description: 'Attaches a file that has been sent to where createUpload said.' })
  attachFile(@Arg('input', () => AttachFileInputType, INPUT) input: AttachFileInputType, @Ctx() { viewer }: Context): unknown { return this.ask.attachFile(viewer, input); }
  @Mutation(() => RemoveAttachmentPayload, { description: 'Removes a file from its item, for good.' })
  removeAttachment(@Arg('input', () => RemoveAttachmentInputType, INPUT) input: RemoveAttachmentInputType, @Ctx() { viewer }: Context): unknown { return this.ask.removeAttachment(viewer, input); }
}

@Resolver(() => AttachmentType)
export class AttachmentsResolver {
  constructor(private readonly see: Pick<SeeAttachments, 'urlOf'>) {}

  @FieldResolver(() => String, { nullable: true, description: 'Where the file can be fetched for five minutes, by whoever has this address. Ask again afterwards.' })
  url(@Root() attachment: Attachment): Promise<string> { return this.see.urlOf(attachment); }
  @FieldResolver(() => UserStub, { nullable: true, description: 'Who attached it; null when a key did.' })
  createdBy(@Root() { createdBy }: Attachment): UserStub | null { return personOf(createdBy); }
  @FieldResolver(() => ItemType, { nullable: true, description: 'The item that it belongs to.' })
  item(@Root() { itemId }: Attachment, @Ctx() { items }: Context): Promise<ItemSeen | null> { return items.load(itemId); }
  @FieldResolver(() => AttachmentTextType, { nullable: true, description: 'The text that it holds.' })
  text(@Root() attachment: Attachment): Attachment { return attachment; }
}

@Resolver(() => AttachmentTextType)
export class AttachmentTextsResolver {
  @FieldResolver(() => String, { nullable: true, description: 'So much of it; null until it is READY.' })
  content(
    @Root() { id, textState }: Attachment,
    @Arg('from', () => Int, { nullable: true, description: 'The character to begin with; 0 when not given.' }) from: number | null,
    @Arg('length', () => Int, { nullable: true, description: 'How many characters, from 1 to 100000; 10000 when not given.' }) length: number | null,
    @Ctx() { attachmentTexts }: Context,
  ): Promise<string | null> | null {
    const span = textSpanOf(id, from ?? 0, length ?? LENGTH_DEFAULT);
    return textState === 'READY' ? attachmentTexts.load(span) : null;
  }
  @FieldResolver() state(@Root() { textState }: Attachment): string { return textState; }
  @FieldResolver() characters(@Root() { textCharacters }: Attachment): number | null { return textCharacters; }
  @FieldResolver() truncated(@Root() { textTruncated }: Attachment): boolean { return textTruncated; }
  @FieldResolver() code(@Root() { textCode }: Attachment): string | null { return textCode; }
  @FieldResolver() reason(@Root() { textReason }: Attachment): string | null { return textReason; }
}
