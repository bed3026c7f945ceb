import type { CommandContext } from '../../command-context.ts';
import { table } from '../../render.ts';
import { showWords, writeHtml } from './mail-words.ts';

interface Options {
  html?: string;
}

export async function run(
  ctx: CommandContext,
  [name]: [name: string | undefined],
  { html: file }: Options,
): Promise<void> {
  if (name === undefined) return listTemplates(ctx);
  const { admin } = await ctx.client();
  const preview = await admin.mail.preview(name, { signal: ctx.signal });
  if (ctx.json) {
    if (file !== undefined) await writeHtml(ctx, file, preview.html);
    return ctx.io.json(preview);
  }
  await showWords(ctx, preview, { file, head: [] });
}

async function listTemplates(ctx: CommandContext): Promise<void> {
  const { admin } = await ctx.client();
  const templates = await admin.mail.templates({ signal: ctx.signal });
  if (ctx.json) return ctx.io.json(templates);
  ctx.io.print(
    table(
      templates.data,
      [
        { title: 'TEMPLATE', text: ({ name }) => name },
        { title: 'WHAT FOR', text: ({ summary }) => summary, flexible: true },
      ],
      ctx.io.columns,
      ctx.io.paint.out,
    ),
  );
  ctx.io.hint('sojourn admin mail preview TEMPLATE');
}
