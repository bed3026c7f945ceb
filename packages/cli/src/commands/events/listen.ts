import { setTimeout as sleep } from 'node:timers/promises';
import type { SojournEvent } from '@sojourn/sdk';
import type { CommandContext } from '../../command-context.ts';
import { isLoopback } from '../../connection.ts';
import { oneLine } from '../../controls.ts';
import { usageError } from '../../exit.ts';
import { type Attempt, deliver } from './deliver.ts';
import { type FollowOptions, follow, resumeCommand } from './follow.ts';
import { listenSecret } from './listen-secret.ts';

type Options = FollowOptions & { forwardTo?: string; printSecret?: true; allowRemote?: true };

/** The waits between the attempts, in milliseconds. */
const WAITS = [1_000, 3_000];

export async function run(ctx: CommandContext, _args: [], options: Options): Promise<void> {
  const { forwardTo, printSecret, allowRemote, ...following } = options;
  const { io } = ctx;
  if (printSecret) {
    const { secret } = await listenSecret(ctx);
    if (ctx.json) return io.json({ secret });
    return io.print(secret);
  }
  const url = target(forwardTo, allowRemote ?? false);
  const { secret, kept } = await listenSecret(ctx);
  io.say(`Sending events to ${url}. They are signed with the secret`);
  io.say(`    ${secret}`);
  if (!kept) io.warn('The secret is new each time: `sojourn login` would keep one.');
  await follow(ctx, following, async (event) => {
    await send(ctx, event, { url, secret });
    return true;
  });
}

function target(forwardTo: string | undefined, allowRemote: boolean): string {
  const example = 'sojourn listen --forward-to http://localhost:3000/hooks';
  if (forwardTo === undefined) throw usageError('Say where to send the events.', example);
  const url = URL.canParse(forwardTo) ? new URL(forwardTo) : undefined;
  if (!url || !['http:', 'https:'].includes(url.protocol))
    throw usageError('--forward-to is not an http or https URL.', example);
  if (url.username || url.password) throw usageError('--forward-to must be a URL without a user.', example);
  if (!allowRemote && !isLoopback(url.href))
    throw usageError(`${url.host} is not this machine, and events tell of your business.`, [
      'Add --allow-remote if they may go there.',
      'What is to be told for good is a webhook endpoint: sojourn webhooks create',
    ]);
  return url.href;
}

/** Tries until it is received, three times at most. */
async function send(
  ctx: CommandContext,
  event: SojournEvent,
  { url, secret }: { url: string; secret: string },
): Promise<void> {
  const { signal, io } = ctx;
  for (let attempt = 1; ; attempt++) {
    const outcome = await deliver(event, { url, secret, attempt, signal });
    await tell(ctx, event, outcome);
    if (outcome.error === null) return;
    const wait = WAITS[attempt - 1];
    if (wait === undefined) break;
    await sleep(wait, undefined, { signal });
  }
  io.warn(`${event.id} was not received. To send it again:`);
  io.hint(resumeCommand(ctx.argv, event.sequence - 1));
}

async function tell({ io, json }: CommandContext, event: SojournEvent, outcome: Attempt): Promise<void> {
  const { id, sequence, type, occurredAt } = event;
  if (json) return io.jsonLine({ sequence, id, type, ...outcome });
  const paint = io.paint.out;
  const { status, milliseconds, error, attempt } = outcome;
  const answer = error === null ? paint.green(String(status)) : paint.red(`${status ?? ''} ${error}`.trim());
  const again = attempt > 1 ? paint.dim(` (attempt ${attempt})`) : '';
  const time = paint.dim(oneLine(occurredAt).slice(11, 19));
  io.print(
    `${time}  ${String(sequence).padStart(6)}  ${oneLine(type)}  → ${answer} ${milliseconds} ms${again}`,
  );
}
