/** The panel "Cost and plan": what the last query cost, what is left, and which services were asked for what. */
import { lastAnswer, withPlan } from './asking.js';
import { Check, Fragment, h, Panel, useObserved, useMemo } from './elements.js';
import { readPlan, titleOf } from './plan.js';

const number = new Intl.NumberFormat();

export function CostAndPlan() {
  const last = useObserved(lastAnswer);
  const asks = useObserved(withPlan);
  const { cost, queryPlan } = last?.answer?.extensions ?? {};
  return h(Panel, { title: 'Cost and plan', about: 'What the last query cost, and how the gateway went about it.' },
    last ? h(Fragment, null, h(Figures, { last, cost }), cost?.budget && h(Budget, { budget: cost.budget })) : h('p', { className: 'atlas-empty' }, 'Run a query first.'),
    h('h3', null, 'Query plan'),
    h(Check, { label: 'Ask for the plan with each query', checked: asks, onChange: withPlan.set }),
    last && (queryPlan ? h(Plan, { text: queryPlan }) : h('p', { className: 'atlas-empty' }, asks ? 'No plan came with this answer.' : 'It was not asked for.')));
}

function Figures({ last, cost }) {
  const told = [
    ['Time', `${number.format(Math.round(last.seconds * 1_000))} ms`],
    last.events > 1 && ['Events', number.format(last.events)],
    cost?.requested !== undefined && ['Asked for', points(cost.requested)],
    cost?.actual !== undefined && ['Was worth', points(cost.actual)],
    cost?.tokens && ['Tokens', `${number.format(cost.tokens.input ?? 0)} in, ${number.format(cost.tokens.output ?? 0)} out`],
    cost?.money && ['Money', `${cost.money.amount} ${cost.money.currency}`],
    last.answer?.errors?.length > 0 && ['Errors', number.format(last.answer.errors.length)],
  ].filter(Boolean);
  return h('dl', { className: 'atlas-figures' }, told.map(([name, value]) => h('div', { key: name }, h('dt', null, name), h('dd', null, value))));
}

const points = (count) => `${number.format(count)} ${count === 1 ? 'point' : 'points'}`;

function Budget({ budget: { limit, remaining, resetAt } }) {
  const label = `${number.format(remaining)} of ${number.format(limit)} points are left`;
  return h('div', { className: 'atlas-budget' },
    h('meter', { min: 0, max: limit, low: limit / 5, high: limit / 2, optimum: limit, value: remaining, 'aria-label': label }),
    h('p', { className: 'atlas-hint' }, label, resetAt && `; all of them again at ${new Date(resetAt).toLocaleTimeString()}`));
}

function Plan({ text }) {
  const plan = useMemo(() => readPlan(text), [text]);
  return h(Fragment, null,
    plan && h('ol', { className: 'atlas-plan', 'aria-label': 'The plan as a tree' }, (plan.name === 'QueryPlan' ? plan.steps : [plan]).map((step, index) => h(Step, { key: index, step }))),
    plan && plan.steps.length === 0 && h('p', { className: 'atlas-empty' }, 'Nothing had to be fetched: the gateway knows the answer.'),
    h('details', { className: 'atlas-more', open: !plan },
      h('summary', null, 'As text'),
      h('pre', { className: 'atlas-text', tabIndex: 0 }, text)));
}

function Step({ step }) {
  return h('li', { className: `atlas-step atlas-step-${step.name.toLowerCase()}` },
    h('span', { className: 'atlas-step-title' }, titleOf(step)),
    step.document && h('details', null, h('summary', null, firstFields(step.document)), h('pre', { className: 'atlas-text', tabIndex: 0 }, step.document)),
    step.steps.length > 0 && h('ol', null, step.steps.map((inner, index) => h(Step, { key: index, step: inner }))));
}

/** What is asked for, in a line: of a fetch by representations, what comes after the arrow. */
function firstFields(document) {
  const wanted = document.includes('=>') ? document.slice(document.indexOf('=>') + 2) : document;
  const words = wanted.replaceAll(/[{}]|__typename/g, ' ').replaceAll(/\s+/g, ' ').trim();
  return words.length > 60 ? `${words.slice(0, 60)}…` : words || 'document';
}
