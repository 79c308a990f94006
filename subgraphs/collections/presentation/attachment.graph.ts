import { Directive, Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { NodeType, Payload } from '../../../platform/graph-types.ts';
import { connectionOf } from '../../../platform/page.ts';
import type { AttachFileInput } from '../application/attach-file.ts';
import type { Attachment, TextState as State } from '../domain/attachment.ts';

const TextState: Record<State, State> = { PENDING: 'PENDING', READY: 'READY', NONE: 'NONE', FAILED: 'FAILED' };
registerEnumType(TextState, {
  name: 'TextState',
  description: 'How far the text of an attachment is.',
  valuesConfig: {
    PENDING: { description: 'It is being taken out of the file.' }, READY: { description: 'It can be read.' },
    NONE: { description: 'No text is taken from files of this type.' }, FAILED: { description: 'The file cannot be read; `code` and `reason` say why.' },
  },
});

@Directive('@key(fields: "id")')
@Directive('@key(fields: "nodeId")')
@ObjectType('Attachment', { implements: NodeType, description: 'A file that belongs to an item.' })
export class AttachmentType extends NodeType implements Pick<Attachment, 'name' | 'type' | 'bytes' | 'sha256' | 'createdAt'> {
  @Field(() => String, { description: 'What the file is called.' }) name!: string;
  @Field(() => String, { description: 'Its media type, as whoever sent it said.' }) type!: string;
  @Field(() => Int, { description: 'How many bytes it has.' }) bytes!: number;
  @Field(() => String, { description: 'The SHA-256 of what has arrived, in hexadecimal digits.' }) sha256!: string;
  @Field(() => Date, { description: 'When it was attached.' }) createdAt!: Date;
}
export const { Connection: AttachmentConnection, Edge: AttachmentEdge } = connectionOf<Attachment>(AttachmentType, 'Attachment');

@ObjectType('AttachmentText', { description: 'The text that an attachment holds.' })
export class AttachmentTextType {
  @Field(() => TextState, { description: 'How far it is.' }) state!: State;
  @Field(() => Int, { nullable: true, description: 'How many characters there are, once it is READY.' }) characters!: number | null;
  @Field(() => Boolean, { description: 'Whether the file holds more text than the megabyte that is kept.' }) truncated!: boolean;
  @Field(() => String, { nullable: true, description: 'Why there is none, for machines: one of docs/errors.md.' }) code!: string | null;
  @Field(() => String, { nullable: true, description: 'Why there is none, for people.' }) reason!: string | null;
}

@InputType('AttachFileInput', { description: 'Which file belongs to which item from now on.' })
export class AttachFileInputType implements AttachFileInput {
  @Field(() => ID, { description: 'The item.' }) itemId!: string;
  @Field(() => ID, { description: 'What createUpload answered, once the file has been sent there; it is used up.' }) uploadId!: string;
  @Field(() => String, { nullable: true, description: 'What it is called here; as createUpload was told when left out.' }) name?: string | null;
}
@InputType('RemoveAttachmentInput', { description: 'Which attachment to remove.' })
export class RemoveAttachmentInputType {
  @Field(() => ID, { description: 'The attachment.' }) id!: string;
}
@ObjectType('AttachFilePayload', { description: 'What attachFile did.' })
export class AttachFilePayload extends Payload {
  @Field(() => AttachmentType, { nullable: true, description: 'The attachment. Its text is read after this answer.' }) attachment!: AttachmentType | null;
}
@ObjectType('RemoveAttachmentPayload', { description: 'What removeAttachment did.' })
export class RemoveAttachmentPayload extends Payload {
  @Field(() => ID, { nullable: true, description: 'The attachment that is no more, nor its file.' }) attachmentId!: string | null;
}
