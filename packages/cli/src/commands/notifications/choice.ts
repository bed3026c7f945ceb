import { InvalidArgumentError } from '@commander-js/extra-typings';
import type { Sojourn } from '@sojourn/sdk';

type Choices = Parameters<Sojourn['notificationPreferences']['update']>[0]['preferences'];
export type Choice = Choices[number];

/** Each `--set` adds one. Whether there is such a kind, the server knows. */
export function choice(text: string, previous: Choice[] | undefined): Choice[] {
  const [, kind, channel, to] = /^(\w{1,100})\.(inApp|mail)=(on|off)$/.exec(text) ?? [];
  if (kind === undefined)
    throw new InvalidArgumentError('It must be KIND.inApp or KIND.mail, then =on or =off.');
  return [...(previous ?? []), { kind, channel, enabled: to === 'on' } as Choice];
}
