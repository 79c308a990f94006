import { Field, ID, InputType, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Payload } from '../../../platform/graph-types.ts';
import type { UploadTarget } from '../domain/ports.ts';
import type { Purpose, UploadTerms } from '../domain/upload.ts';

const UploadPurpose: Record<Purpose, Purpose> = { ATTACHMENT: 'ATTACHMENT', IMPORT: 'IMPORT' };
registerEnumType(UploadPurpose, {
  name: 'UploadPurpose',
  description: 'What an upload is for.',
  valuesConfig: { ATTACHMENT: { description: 'To be attached to an item: up to 100 MB.' }, IMPORT: { description: 'To be imported: up to 1 GB.' } },
});

@ObjectType('Header', { description: 'A header of HTTP.' })
class HeaderType {
  @Field(() => String, { description: 'Its name.' }) name!: string;
  @Field(() => String, { description: 'What it says.' }) value!: string;
}
@ObjectType('Upload', { description: 'Where a file is sent to, once, before it is used.' })
class UploadType implements UploadTarget {
  @Field(() => ID, { description: 'What attachFile and importItems want.' }) id!: string;
  @Field(() => String, { description: 'Where to send the file; whoever has this address may.' }) url!: string;
  @Field(() => String, { description: 'The method to send it with.' }) method!: string;
  @Field(() => [HeaderType], { description: 'The headers to send it with, exactly.' }) headers!: HeaderType[];
  @Field(() => Date, { description: 'Until when it can be sent.' }) expiresAt!: Date;
}

@InputType('CreateUploadInput', { description: 'A file that is going to be sent.' })
export class CreateUploadInputType implements UploadTerms {
  @Field(() => UploadPurpose, { description: 'What it is for.' }) purpose!: Purpose;
  @Field(() => String, { description: 'What it is called; up to 255 characters, without folders.' }) name!: string;
  @Field(() => String, { description: 'Its media type, such as application/pdf.' }) type!: string;
  @Field(() => Int, { description: 'How many bytes it has, exactly.' }) bytes!: number;
  @Field(() => String, { nullable: true, description: 'Its SHA-256, 64 hexadecimal digits in small letters: nothing else can be sent then.' }) sha256?: string | null;
}
@ObjectType('CreateUploadPayload', { description: 'What createUpload did.' })
export class CreateUploadPayload extends Payload {
  @Field(() => UploadType, { nullable: true, description: 'Where to send it.' }) upload!: UploadType | null;
}
