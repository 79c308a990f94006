/** What we promise about docker/compose.yaml beyond its being valid, as rules that a test can also see broken. */
import { SETTINGS, serviceSettings } from '../platform/config.ts';

export interface Container {
  image: string;
  build?: unknown;
  command?: string[];
  user?: string;
  privileged?: boolean;
  read_only?: boolean;
  cap_drop?: string[];
  cap_add?: string[];
  security_opt?: string[];
  mem_limit?: string;
  pids_limit?: number;
  ports?: string[];
  profiles?: string[];
  environment?: Record<string, string>;
  env_file?: unknown;
  healthcheck?: { test: string[] };
  volumes?: string[];
  network_mode?: string;
  pid?: string;
  depends_on?: Record<string, { condition: string }>;
}
export interface Compose { services: Record<string, Container>; include?: string[] }

const SETTING_NAMES = new Set([...Object.keys(SETTINGS), ...serviceSettings.map(({ name }) => name)]);
/** Each with the address it may be published at when nothing is said: this machine alone. */
const PUBLISHED: Record<string, string> = { gateway: '${GATEWAY_BIND:-127.0.0.1:4000}:4000', grafana: '${GRAFANA_BIND:-127.0.0.1:3000}:3000', s3: '${S3_BIND:-127.0.0.1:7070}:7070' };
/** The collector's image holds one program and no way to ask it anything. Nothing waits for it. */
const WITHOUT_HEALTHCHECK = ['collector'];

type Rule = (name: string, container: Container) => boolean;
/** By the sentence that a broken one is reported with. */
const RULES: Record<string, Rule> = {
  'runs as a user that is named by number and is not root': (_, { user }) => /^[1-9]\d*:\d+$/.test(user ?? ''),
  'is confined': (_, { privileged, cap_drop, cap_add, security_opt, read_only, network_mode, pid }) =>
    !privileged && !cap_add && !network_mode && !pid && read_only === true && cap_drop?.join() === 'ALL' && security_opt?.join() === 'no-new-privileges:true',
  'has an end to its memory and its processes': (_, { mem_limit, pids_limit }) => /^\d+[mg]$/.test(mem_limit ?? '') && Number(pids_limit) > 0,
  'has a pinned image': (_, { image }) => isPinned(filledIn(image)),
  'publishes no port but those promised': (name, { ports }) => (ports ?? []).join() === (PUBLISHED[name] ?? ''),
  'says how it is': (name, { healthcheck }) => Boolean(healthcheck?.test.length) !== WITHOUT_HEALTHCHECK.includes(name),
  'is handed its secrets by name': (_, { env_file }) => env_file === undefined,
  'holds no secret': (_, { environment }) => Object.entries(environment ?? {}).every(([key, value]) => !/(PASSWORD|SECRET|_KEY|API_KEY)$/.test(key) || /^\$\{\w+:\?[^}]*\}$/.test(value)),
  'mounts nothing of the machine that it could write': (_, { volumes }) => (volumes ?? []).every((volume) => !/^[./~]/.test(volume) || volume.endsWith(':ro')),
  'knows each of its settings': (_, { image, environment }) => !image.startsWith('atlas:') || Object.keys(environment ?? {}).every((name) => SETTING_NAMES.has(name)),
};

export const complaints = (compose: Compose): string[] => Object.entries(compose.services).flatMap(([name, container]) =>
  Object.entries(RULES).filter(([, holds]) => !holds(name, container)).map(([sentence]) => `${name}: not so that it ${sentence}`));

/** A version with at least its minor, so that the same file gives the same software tomorrow. */
const isPinned = (image: string): boolean => /:v?\d+\.\d+(\.\d+)?(-[a-z]+)?$/.test(image);

/** Text as it is when no variable is set. */
export const filledIn = (text: string): string => text.replace(/\$\{\w+:-([^}]*)\}/g, '$1');

export const variablesOf = (text: string): string[] => [...new Set([...text.matchAll(/(?<!\$)\$\{(\w+)/g)].map(([, name]) => name!))];
