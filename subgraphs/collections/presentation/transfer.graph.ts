import { Field, ID, InputType, ObjectType, registerEnumType } from 'type-graphql';
import { Payload } from '../../../platform/graph-types.ts';
import type { ExportCollectionInput } from '../application/export-collection.ts';
import type { ImportItemsInput } from '../application/import-items.ts';
import type { ImportPolicy as Policy } from '../application/transfer-jobs.ts';
import type { TransferFormat as Format } from '../domain/transfer.ts';
import { JobType } from './job.graph.ts';

/** The same formats both ways today, under two names: a format that can only be written, or only read, is then no break. */
const [ImportFormat, ExportFormat] = ['ImportFormat', 'ExportFormat'].map((name) => {
  const formats: Record<Format, Format> = { JSONL: 'JSONL', CSV: 'CSV', MARKDOWN_ZIP: 'MARKDOWN_ZIP' };
  registerEnumType(formats, {
    name,
    description: `What a file of items ${name === 'ImportFormat' ? 'that is brought in' : 'to take along'} looks like; docs/importing.md shows each.`,
    valuesConfig: {
      JSONL: { description: 'A JSON object a line.' },
      CSV: { description: 'A table whose first row names the columns.' },
      MARKDOWN_ZIP: { description: 'Markdown files in a zip archive.' },
    },
  });
  return formats;
}) as [Record<Format, Format>, Record<Format, Format>];
const ImportPolicy: Record<Policy, Policy> = { REJECT_ALL: 'REJECT_ALL', REJECT_ROWS: 'REJECT_ROWS' };
registerEnumType(ImportPolicy, {
  name: 'ImportPolicy',
  description: 'What becomes of a file when rows of it are refused.',
  valuesConfig: {
    REJECT_ALL: { description: 'Nothing is imported unless every row is good.' },
    REJECT_ROWS: { description: 'The good rows are imported, the others reported.' },
  },
});

@InputType('ImportItemsInput', { description: 'What to bring into a collection.' })
export class ImportItemsInputType implements ImportItemsInput {
  @Field(() => ID, { description: 'The collection that the items go into.' }) collectionId!: string;
  @Field(() => ImportFormat, { description: 'What the file looks like.' }) format!: Format;
  @Field(() => ImportPolicy, { description: 'What becomes of it when rows are refused.' }) policy!: Policy;
  @Field(() => String, { nullable: true, description: 'The file itself, up to 8 MB; not for archives.' }) content?: string | null;
  @Field(() => ID, { nullable: true, description: 'A larger file: an upload for IMPORT, once it has been sent. Either this or `content`.' }) uploadId?: string | null;
}
@ObjectType('ImportItemsPayload', { description: 'What importItems did.' })
export class ImportItemsPayload extends Payload {
  @Field(() => JobType, { nullable: true, description: 'The job that imports: jobProgress follows it, its `result` counts what was imported and names what was refused.' }) job!: JobType | null;
}

@InputType('ExportCollectionInput', { description: 'What to write into a file.' })
export class ExportCollectionInputType implements ExportCollectionInput {
  @Field(() => ID, { description: 'The collection.' }) collectionId!: string;
  @Field(() => ExportFormat, { description: 'What the file shall look like.' }) format!: Format;
}
@ObjectType('ExportCollectionPayload', { description: 'What exportCollection did.' })
export class ExportCollectionPayload extends Payload {
  @Field(() => JobType, { nullable: true, description: 'The job that exports: its `result` says where to fetch the file, anew each time that it is read.' }) job!: JobType | null;
}
