import type { CommandContext } from '../../command-context.ts';
import { oneLine } from '../../controls.ts';
import { CliError } from '../../exit.ts';
import { moment } from '../../local-time.ts';
import { readJson } from '../json-file.ts';
import { type Reasoned, reasonFor } from './reason.ts';

interface Options extends Reasoned {
  from?: string;
}

/** What a version has and a new one cannot say: so that one that was listed can be changed and sent. */
const OF_THE_SERVER = ['id', 'effectiveFrom', 'createdAt'];

export async function run(
  ctx: CommandContext,
  [file]: [file: string],
  { from, reason: given }: Options,
): Promise<void> {
  const fields = await readPolicy(ctx, file);
  const reason = await reasonFor(
    ctx,
    given,
    `sojourn admin policies create ${oneLine(file)} --reason "asked for by hosts"`,
  );
  const { admin } = await ctx.client();
  const body = { ...fields, reason, ...(from !== undefined && { effectiveFrom: from }) };
  // The server checks every field, and names each that is wrong.
  const policy = await admin.policies.create(body as never, { signal: ctx.signal });
  if (ctx.json) return ctx.io.json(policy);
  ctx.io.success(
    `${oneLine(policy.name)} (${policy.key}) holds from ${moment(policy.effectiveFrom)} UTC on.`,
  );
}

async function readPolicy({ io }: CommandContext, file: string): Promise<Record<string, unknown>> {
  const value = await readJson(io, file);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new CliError(`${file === '-' ? 'stdin' : oneLine(file)} must hold one JSON object, a policy.`, {
      next: 'sojourn admin policies list --json',
    });
  return Object.fromEntries(Object.entries(value).filter(([name]) => !OF_THE_SERVER.includes(name)));
}
