import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { CommandContext } from '../../command-context.ts';
import { oneLine } from '../../controls.ts';
import { CliError } from '../../exit.ts';

interface Words {
  subject: string;
  text: string;
  html: string;
}

/** A mail as its reader sees it; its HTML goes into a file when told. */
export async function showWords(
  ctx: CommandContext,
  { subject, text, html }: Words,
  { head, file }: { head: readonly [label: string, value: string][]; file: string | undefined },
): Promise<void> {
  const { io } = ctx;
  const lines = [...head, ['Subject', subject] as const].map(
    ([label, value]) => `${io.paint.out.dim(`${label}:`.padEnd(9))}${oneLine(value)}`,
  );
  io.print(`${lines.join('\n')}\n\n${text.trimEnd()}`);
  if (file !== undefined) await writeHtml(ctx, file, html);
}

export async function writeHtml(ctx: CommandContext, file: string, html: string): Promise<void> {
  try {
    await writeFile(resolve(ctx.env.cwd, file), html);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new CliError(`The HTML cannot be written to ${file} (${code}).`, { cause, next: ['--html FILE'] });
  }
  ctx.io.success(`The HTML is in ${file}`);
}
