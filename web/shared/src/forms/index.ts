export { offered } from './answer.ts';
export { Fault } from './fault.ts';
export { type Answers, defaults, fill, type Filled, type Form, prepare, type Problem, type Surroundings } from './fill.ts';
export { compile } from './formula.ts';
export { FUNCTIONS, ROOTS } from './profile.ts';
export type { Value } from './functions.ts';
export type * from './spec.ts';
