/**
 * Which fields of an operation its caller is refused, by what the supergraph asks for. The services refuse the same: this
 * is the second wall, and the one that is met first. The words of a refusal are those of the services' policy.
 */
import { AtlasError } from '../../platform/errors.ts';
import { KEY, PERSON, roleName } from '../../platform/policy-directives.ts';
import { reaches, TENANT_ROLES, type Viewer } from '../../platform/viewer.ts';
import type { Alternatives, Requirement } from './requirements.ts';

/** What a caller holds, in the words of the directives. */
interface Holdings { authenticated: boolean; scopes: ReadonlySet<string>; policies: ReadonlySet<string> }
const NONE: ReadonlySet<string> = new Set();

export function holdingsOf(viewer: Viewer): Holdings {
  if (viewer.kind === 'key') return { authenticated: true, scopes: new Set(viewer.scopes.filter((scope) => scope !== PERSON)), policies: new Set([KEY]) };
  if (viewer.kind !== 'user') return { authenticated: false, scopes: NONE, policies: NONE };
  const roles = TENANT_ROLES.filter((role) => reaches(viewer.role, role)).map(roleName);
  return { authenticated: true, scopes: new Set([PERSON]), policies: new Set([PERSON, ...roles]) };
}

const holds = (held: ReadonlySet<string>, alternatives: Alternatives): boolean => alternatives.some((together) => together.every((name) => held.has(name)));

/** Every refused field of these, with what its caller is told. */
export function refusals(coordinates: Iterable<string>, viewer: Viewer, requirements: ReadonlyMap<string, Requirement>): Map<string, AtlasError> {
  const refused = new Map<string, AtlasError>();
  if (requirements.size === 0) return refused;
  const held = holdingsOf(viewer);
  const look = (coordinate: string): void => {
    const requirement = requirements.get(coordinate);
    if (!requirement || refused.has(coordinate)) return;
    const error = refusal(requirement, viewer, held);
    if (error) refused.set(coordinate, error);
    // What is asked of an interface is answered by the types behind it, each by its own rule.
    for (const implementer of requirement.implementers ?? []) if (implementer !== coordinate) look(implementer);
  };
  for (const coordinate of coordinates) look(coordinate);
  return refused;
}

/** Whether this caller may have a field; what is missing when not. */
export function refusal(requirement: Requirement, viewer: Viewer, held = holdingsOf(viewer)): AtlasError | null {
  const scopes = requirement.scopes.find((alternatives) => !holds(held.scopes, alternatives));
  const policies = requirement.policies.find((alternatives) => !holds(held.policies, alternatives));
  if (!scopes && !policies && (held.authenticated || !requirement.authenticated)) return null;
  const missing = missingFor(viewer, scopes, policies);
  if (viewer.kind === 'anonymous') return new AtlasError('UNAUTHENTICATED', undefined, { missing });
  if (viewer.kind === 'user' && viewer.tenantId === null && missing.startsWith('role ')) return new AtlasError('TENANT_REQUIRED');
  return new AtlasError('FORBIDDEN', `This needs ${missing}.`, { missing });
}

/** In the words of what this kind of caller could have: a key has no role, and a person no scopes. */
function missingFor(viewer: Viewer, scopes: Alternatives | undefined, policies: Alternatives | undefined): string {
  if (viewer.kind === 'key') {
    const wanted = scopes?.map((together) => together.filter((name) => name !== PERSON)).filter((together) => together.length > 0) ?? [];
    return wanted.length > 0 ? `scope ${wanted.map((together) => together.join(' and ')).join(' or ')}` : 'a signed-in person';
  }
  const wanted = policies?.map((together) => together.filter((name) => name !== KEY)).filter((together) => together.length > 0) ?? [];
  if (wanted.length > 0) return wanted.map((together) => together.map(spoken).join(' and ')).join(' or ');
  return scopes && !scopes.some((together) => together.includes(PERSON)) ? `scope ${scopes.map((together) => together.join(' and ')).join(' or ')}` : 'a signed-in person or a key';
}

const spoken = (name: string): string => (name === PERSON ? 'a signed-in person' : name.startsWith('role:') ? `role ${name.slice('role:'.length)}` : name);
