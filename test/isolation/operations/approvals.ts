/** What waits for somebody, and what is measured: who decides and who measures, and what they are shown of what others asked. */
import { atLeast, passes, roleOf, tenantOf, type Principal } from '../rights.ts';
import { mutation, only, unseen, type Operation } from './choose.ts';

const APPROVAL = 'id state question text why drafts { title body tags edited item { id title } } citations { passage item { title } } decidedBy { id name }';
const mayDecide = (by: Principal): boolean => !by.key && only(by, passes(by, 'MEMBER', null)) && (atLeast(roleOf(by), 'ADMIN') || (tenantOf(by)?.approvers.has(by.person!.id) ?? false));

/** What is measured is the administrators' of the tenant, and no key's. */
const measures = (by: Principal): boolean => only(by, passes(by, 'ADMIN', null));
export const evalOperations: readonly Operation[] = [
  {
    field: 'Mutation.saveEvalSet', weight: 1,
    make(world, by) {
      const kept = world.chance(0.4) && world.evalSets.length > 0 ? world.pick(world.evalSets) : null;
      const own = kept === null || kept.tenant === tenantOf(by);
      const [name, question, said] = [world.word(), world.word(), world.word()];
      return {
        document: mutation('saveEvalSet', 'evalSet { id name questions { question itemIds mustSay mustNotSay } }'), variables: { input: { id: kept?.id ?? null, name, questions: [{ question, mustSay: [said] }] } },
        expects: measures(by) && own, ...(kept && unseen(own, kept.id)),
        effect({ evalSet: { id } }) {
          if (!kept) world.evalSets.push({ id, tenant: tenantOf(by)! });
          world.canaries.plant([name, question, said], { in: 'administration', tenant: tenantOf(by)! });
        },
      };
    },
  },
  {
    field: 'Mutation.startEvalRun', weight: 0.5,
    make(world, by) {
      if (world.evalSets.length === 0) return null;
      const { id, tenant } = world.pick(world.evalSets);
      return { document: mutation('startEvalRun', 'evalRun { id model }'), variables: { input: { evalSetId: id } }, expects: measures(by) && tenantOf(by) === tenant, ...unseen(tenantOf(by) === tenant, id) };
    },
  },
  { field: 'Query.evalSets', weight: 1, make: (_world, by) => ({ document: '{ evalSets(first: 20) { nodes { id name questions { question mustSay } trend { id measures { refusal } } } } }', expects: measures(by) }) },
  { field: 'Query.evalRuns', weight: 1, make: (_world, by) => ({ document: '{ evalRuns(first: 20) { nodes { id evalSet { name } each measures { refusal } } } }', expects: measures(by) }) },
];

export const approvalOperations: readonly Operation[] = [
  {
    field: 'Mutation.setApprovalPolicy', weight: 1,
    make(world, by) {
      const tag = world.word();
      const approver = world.chance(0.5) ? world.pick(world.people) : null;
      return {
        document: mutation('setApprovalPolicy', 'approvalPolicy { minConfidence sensitiveTags expiresHours approvers { id name } }'),
        variables: { input: { minConfidence: world.pick([null, null, 1]), sensitiveTags: world.chance(0.3) ? ['plain', tag] : [tag], approverIds: approver ? [approver.id] : [] } },
        expects: only(by, passes(by, 'ADMIN', 'tenants:admin')),
        effect() {
          tenantOf(by)!.approvers = new Set(approver ? [approver.id] : []);
          world.canaries.plant([tag], { in: 'administration', tenant: tenantOf(by)! });
        },
      };
    },
  },
  { field: 'Query.approvalPolicy', weight: 1, make: (_world, by) => ({ document: '{ approvalPolicy { minConfidence sensitiveTags expiresHours approvers { id name } } }', ...(!only(by, passes(by, 'ADMIN', 'tenants:admin')) && { expects: false }) }) },
  {
    field: 'Mutation.chooseModel', weight: 0.5,
    make: (world, by) => ({ document: mutation('chooseModel', 'modelChoice { model models }'), variables: { input: { model: world.pick(['local', null]) } }, expects: only(by, passes(by, 'ADMIN', 'tenants:admin')) }),
  },
  { field: 'Query.modelChoice', weight: 0.5, make: (_world, by) => ({ document: '{ modelChoice { model models } }', ...(!only(by, passes(by, 'ADMIN', 'tenants:admin')) && { expects: false }) }) },
  {
    field: 'Query.approvals', weight: 3,
    make: (world, by) => ({
      document: `query($after: String) { approvals(first: 10, after: $after) { pageInfo { hasNextPage endCursor } nodes { ${APPROVAL} } } }`, variables: { after: null }, decides: mayDecide(by), expects: only(by, passes(by, 'MEMBER', null)),
      effect({ nodes }) {
        if (nodes.length > 0 && !mayDecide(by)) throw new Error('lists approvals to somebody who decides none');
        for (const { id } of nodes) if (!world.approvals.some((one) => one.id === id)) world.approvals.push({ id, tenant: tenantOf(by)! });
      },
    }),
  },
  {
    field: 'Mutation.decideApproval', weight: 2,
    make(world, by) {
      if (world.approvals.length === 0) return null;
      const { id, tenant } = world.pick(world.approvals.slice(-20));
      const may = mayDecide(by) && tenantOf(by) === tenant;
      return {
        document: mutation('decideApproval', `approval { ${APPROVAL} }`), variables: { input: { id, decision: world.pick(['APPROVE', 'REJECT']) } }, decides: may,
        ...(!may && { expects: false }), ...unseen(may, id),
      };
    },
  },
];
