/** The connection to an S3: how long it may take, how often a call is put again. */
import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import type { Settings } from '../config.ts';

export type S3Settings = Pick<Settings, 'S3_ENDPOINT' | 'S3_PUBLIC_ENDPOINT' | 'S3_BUCKET' | 'S3_REGION' | 'S3_ACCESS_KEY_ID' | 'S3_SECRET_ACCESS_KEY' | 'S3_PATH_STYLE'>;

const CONNECT_MS = 2_000;
/** Without a byte, either way. */
const SILENT_MS = 10_000;
/** Of a call that carries no content, its repetitions included. */
const CALL_MS = 15_000;
/** Each is idempotent: the same content under the same key, or nothing to change. The library waits longer each time. */
const TRIES = 3;
/** Of content: each waits for half of what a call has, so that a store that says nothing is known as soon as by a call. */
const CONTENT_TRIES = 2;

export interface S3 {
  client: S3Client;
  /** Makes the URLs of clients, who may know the same S3 by another address. */
  presigner: S3Client;
  /** For content: as long as it takes, as long as something moves. */
  uploader: S3Client;
  Bucket: string;
  /** A call with an end to its time. What it answers with may take longer to read. */
  reach<T>(call: (abortSignal: AbortSignal) => Promise<T>): Promise<T>;
  close(): void;
}

export function openS3(settings: S3Settings, callMs = CALL_MS): S3 {
  const config: S3ClientConfig = {
    endpoint: settings.S3_ENDPOINT!,
    region: settings.S3_REGION,
    forcePathStyle: settings.S3_PATH_STYLE,
    credentials: { accessKeyId: settings.S3_ACCESS_KEY_ID!, secretAccessKey: settings.S3_SECRET_ACCESS_KEY! },
    maxAttempts: TRIES,
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: SILENT_MS, throwOnRequestTimeout: true, socketTimeout: SILENT_MS },
    // Ours is SHA-256, said where we want it: the library would add a CRC to every upload, and to presigned URLs too.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  };
  const client = new S3Client(config);
  const presigner = new S3Client({ ...config, endpoint: settings.S3_PUBLIC_ENDPOINT ?? settings.S3_ENDPOINT! });
  const uploader = new S3Client({ ...config, maxAttempts: CONTENT_TRIES, requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: callMs / CONTENT_TRIES } });
  return {
    client, presigner, uploader, Bucket: settings.S3_BUCKET!,
    async reach(call) {
      const late = new AbortController();
      const timer = setTimeout(() => late.abort(), callMs);
      return call(late.signal).finally(() => clearTimeout(timer));
    },
    close() {
      for (const each of [client, presigner, uploader]) each.destroy();
    },
  };
}

/** The object, not the bucket: a bucket that is not there is a fault of the installation. */
export function isMissing(error: unknown): boolean {
  const { name, $metadata } = error as { name?: string; $metadata?: { httpStatusCode?: number } };
  return name === 'NoSuchKey' || (name === 'NotFound' && $metadata?.httpStatusCode === 404);
}
