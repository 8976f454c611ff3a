import type { Visit } from '@tashi/shared/api';

/** One thing that was looked at. What is fine is said as large as what is not. */
export interface Check {
  key:
    | 'in' | 'inNot' | 'inUnknown' | 'out' | 'outNot' | 'outUnknown' | 'stay' | 'stayShort' | 'steps' | 'stepsNot'
    | 'proofs' | 'proofsNot' | 'live' | 'notLive' | 'stored' | 'waiting' | 'online' | 'offline';
  result: 'ok' | 'open' | 'not';
  /** Seconds or counts for the sentence. */
  values: Record<string, number>;
}

const PLACE = { in: 'ok', cannot_tell: 'open', out: 'not' } as const;

/** Everything that can be checked on a visit, in the order a person would ask. */
export function checksOf(visit: Visit): Check[] {
  const checks: Check[] = [];
  const { check_in, check_out } = visit;
  checks.push({ key: check_in.verdict === 'in' ? 'in' : check_in.verdict === 'out' ? 'inNot' : 'inUnknown', result: PLACE[check_in.verdict], values: {} });
  if (check_out) {
    checks.push({ key: check_out.verdict === 'in' ? 'out' : check_out.verdict === 'out' ? 'outNot' : 'outUnknown', result: PLACE[check_out.verdict], values: {} });
  }
  if (visit.stay_s !== null) {
    const short = visit.ineffective_reasons.includes('too_short');
    checks.push({
      key: short ? 'stayShort' : 'stay', result: short ? 'not' : 'ok', values: { stay: visit.stay_s, presence: visit.presence_s ?? visit.stay_s },
    });
  }
  const missing = visit.steps.filter((one) => one.step.mandatory && one.status !== 'done').length;
  if (visit.steps.length) {
    checks.push(missing
      ? { key: 'stepsNot', result: visit.status === 'open' ? 'open' : 'not', values: { count: missing } }
      : { key: 'steps', result: 'ok', values: { total: visit.steps.length } });
  }
  const given = visit.steps.flatMap((one) => one.proofs ?? []);
  if (given.length) {
    const failed = given.filter((one) => one.state === 'failed').length;
    checks.push(failed ? { key: 'proofsNot', result: 'not', values: { count: failed } } : { key: 'proofs', result: 'ok', values: {} });
  }
  if (visit.photos.length) {
    const foreign = visit.photos.filter((photo) => !photo.live).length;
    checks.push(foreign
      ? { key: 'notLive', result: 'not', values: { count: foreign } }
      : { key: 'live', result: 'ok', values: { count: visit.photos.length } });
    const waiting = visit.photos.filter((photo) => photo.status === 'awaiting').length;
    checks.push(waiting ? { key: 'waiting', result: 'open', values: { count: waiting } } : { key: 'stored', result: 'ok', values: {} });
  }
  if (visit.check_out_at) {
    const late = Math.max(0, (Date.parse(visit.received_at) - Date.parse(visit.check_out_at)) / 1000);
    checks.push(visit.offline ? { key: 'offline', result: 'ok', values: { late } } : { key: 'online', result: 'ok', values: {} });
  }
  return checks;
}

/** Where the knob of the verdict scale stands, 0–1 of its width. The zones are: out up to 10 %, in from 90 %. */
export function scalePosition(probability: number): number {
  return Math.max(0, Math.min(1, probability));
}
