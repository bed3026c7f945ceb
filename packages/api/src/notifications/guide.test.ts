import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { notificationKinds } from './kinds.ts';
import { CHANNELS, type Channel, type NotificationKind } from './model.ts';

const GUIDE = new URL('../../../../docs/guides/notifications.md', import.meta.url);

const state = ({ channels, mandatory }: NotificationKind, channel: Channel) =>
  mandatory.includes(channel) ? 'always' : channels[channel] ? 'on' : 'off';

test('the table of the guide is the list of kinds', () => {
  const rows = [...readFileSync(GUIDE, 'utf8').matchAll(/^\| `(\w+)` .*$/gm)].map(([line]) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
  expect(rows).toEqual(
    notificationKinds.map((kind) => [
      `\`${kind.kind}\``,
      kind.summary,
      ...CHANNELS.map((channel) => state(kind, channel)),
    ]),
  );
});
