import { invalidRequest } from '../../platform/problems.ts';

/** When a change of the rules takes effect: at once unless told, and never in the past. */
export function takesEffectAt(wanted: string | undefined, now: Date, pointer: string): Date {
  if (wanted === undefined) return now;
  const at = new Date(wanted);
  if (at < now)
    throw invalidRequest({
      errors: [{ pointer, code: 'in_the_past', message: 'must not be in the past' }],
    });
  return at;
}
