/** How templates are really worked through, and ready ones to begin with. */
import type { Id, Ref } from './common';
import type { Step, TemplateKind } from './work';

/** How a step went in a number of visits. */
export interface SopFigures {
  asked: number;
  done: number;
  skipped: number;
  over: number;
  median_s: number | null;
  slow_s: number | null;
}

export interface SopStep {
  step: Step;
  in_force: boolean;
  all: SopFigures;
  effective: SopFigures;
  other: SopFigures;
}

export interface SopPerson {
  employee: Ref;
  visits: number;
  effective: number;
  asked: number;
  left_out: number;
  steps: SopFigures[];
}

export interface SopReport {
  template: Ref;
  visits: number;
  effective: number;
  steps: SopStep[];
  people: SopPerson[];
}

export interface SopPatternStep {
  step: Step;
  /** Among the template's steps now; null: the visit had it beside them. */
  place: number | null;
  asked: number;
  done: number;
  median_s: number | null;
  kept: boolean;
}

export interface SopPattern {
  template: Ref;
  version: number;
  employee: Ref;
  visits: number;
  steps: SopPatternStep[];
}

/** A ready set of steps. */
export interface ReadyTemplate {
  key: string;
  trade: string;
  trade_en: string;
  name: string;
  name_en: string;
  kind: TemplateKind;
  min_stay_s: number | null;
  steps: (Omit<Step, 'id'> & { id: Id | null })[];
}
