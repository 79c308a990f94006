import { toCloudEvent } from '../../../platform/cloud-event.ts';
import type { PayloadOf } from '../domain/webhook-ports.ts';

/** Without what Atlas keeps for its audit and its bills: a receiver is told what happened, not how it is counted. */
export const webhookPayload: PayloadOf = (event) => {
  const { data, ...told } = toCloudEvent(event);
  return JSON.stringify({ ...told, data: { body: data.body } });
};
