import type { Colours } from '../../io.ts';

/** The colour of a listing's status; plain for one that this version does not know. */
export function paintStatus(status: string, paint: Colours): (text: string) => string {
  switch (status) {
    case 'published':
      return paint.green;
    case 'draft':
    case 'paused':
      return paint.yellow;
    case 'suspended':
      return paint.red;
    case 'archived':
      return paint.dim;
    default:
      return (text) => text;
  }
}
