/** Files that are sent, attached to items and removed again. */
import { wordsIn, type AttachmentState, type Row, type UploadState } from '../canaries.ts';
import { send } from '../files.ts';
import { idOf, partAtLeast, partIn, passes, seesItem, tenantOf, type Principal } from '../rights.ts';
import type { World } from '../world.ts';
import { mutation, only, someItem, unseen, type Operation } from './choose.ts';
import { fileOf } from './rows.ts';
import { ATTACHMENT } from './selections.ts';

const OPEN_MAX = 100;
const PER_ITEM_MAX = 100;
const TYPES = ['application/octet-stream', 'application/octet-stream', 'application/octet-stream', 'text/plain'] as const;

/** Of another's nothing is said. */
export const owns = (by: Principal, { owner, tenant }: UploadState): boolean => owner === idOf(by) && tenant === tenantOf(by);
/** Mostly one of their own that is ready, sometimes whichever there is. */
export function someUpload(world: World, by: Principal, purpose: UploadState['purpose']): UploadState | null {
  const own = world.uploads.filter((upload) => owns(by, upload) && !upload.used && upload.purpose === purpose);
  const list = own.length > 0 && world.chance(0.75) ? own : world.uploads.slice(-80);
  return list.length > 0 ? world.pick(list) : null;
}
export const usable = (by: Principal, upload: UploadState, purpose: UploadState['purpose']): boolean => owns(by, upload) && upload.purpose === purpose && !upload.used && upload.sent;

export function someAttachment(world: World, by: Principal): AttachmentState | null {
  const own = world.attachments.filter(({ item, removed }) => item.collection.tenant === tenantOf(by) && !item.collection.deleted && !removed).slice(-40);
  const list = own.length > 0 && world.chance(0.7) ? own : world.attachments.slice(-200);
  return list.length > 0 ? world.pick(list) : null;
}
export const seesAttachment = (by: Principal, { item, removed }: AttachmentState): boolean => !removed && seesItem(by, item);

export const fileOperations: readonly Operation[] = [
  {
    field: 'Mutation.createUpload', weight: 5,
    make(world, by) {
      const purpose = world.chance(0.7) ? 'ATTACHMENT' : 'IMPORT';
      const made: { content: string | Buffer; rows: Row[] | null; type: string } = purpose === 'IMPORT' ? fileOf(world, world.pick(['JSONL', 'MARKDOWN_ZIP'])) : { content: `It says ${world.word()}.`, rows: null, type: world.pick(TYPES) };
      const [name, content, sent] = [`${world.word()}.txt`, Buffer.from(made.content as string), world.chance(0.9)];
      const open = world.uploads.filter((upload) => owns(by, upload) && !upload.used).length;
      return {
        document: mutation('createUpload', 'upload { id url method headers { name value } expiresAt }'), variables: { input: { name, type: made.type, bytes: content.length, purpose } },
        expects: only(by, passes(by, 'GUEST', 'items:write') && open < OPEN_MAX),
        async effect({ upload: target }) {
          const upload: UploadState = { id: target.id, owner: idOf(by)!, tenant: tenantOf(by)!, purpose, name, content, rows: made.rows, sent, used: false };
          world.uploads.push(upload);
          world.canaries.plant([...wordsIn([name, content.toString()]), ...(made.rows ?? []).flatMap(({ words }) => words)], { in: 'upload', upload });
          if (sent) await send(world, target, content);
        },
      };
    },
  },
  {
    field: 'Mutation.attachFile', weight: 5,
    make(world, by) {
      const [item, upload] = [someItem(world, by), someUpload(world, by, 'ATTACHMENT')];
      if (!item || !upload) return null;
      const name = world.chance(0.5) ? `${world.word()}.txt` : null;
      const few = world.attachments.filter((one) => one.item === item && !one.removed).length < PER_ITEM_MAX;
      return {
        document: mutation('attachFile', `attachment { ${ATTACHMENT} item { id title } }`), variables: { input: { itemId: item.id, uploadId: upload.id, name } },
        expects: only(by, passes(by, 'GUEST', 'items:write') && usable(by, upload, 'ATTACHMENT') && partAtLeast(partIn(by, item.collection), 'EDITOR') && !item.deleted && few),
        ...(owns(by, upload) ? unseen(seesItem(by, item), item.id) : unseen(false, upload.id)),
        effect({ attachment: { id } }) {
          upload.used = true;
          const attachment: AttachmentState = { id, item, name: name ?? upload.name, content: upload.content.toString(), key: `${upload.tenant.id}/uploads/${upload.id}`, removed: false };
          world.attachments.push(attachment);
          world.canaries.plant(wordsIn([attachment.name, attachment.content]), { in: 'attachment', attachment });
        },
      };
    },
  },
  {
    field: 'Mutation.removeAttachment', weight: 1,
    make(world, by) {
      const attachment = someAttachment(world, by);
      if (!attachment) return null;
      return {
        document: mutation('removeAttachment', 'attachmentId'), variables: { input: { id: attachment.id } },
        expects: only(by, passes(by, 'GUEST', 'items:write') && partAtLeast(partIn(by, attachment.item.collection), 'EDITOR') && !attachment.removed),
        ...unseen(seesAttachment(by, attachment), attachment.id),
        effect() { attachment.removed = true; },
      };
    },
  },
];
