import type { CommandContext } from '../../command-context.ts';
import { showWords, writeHtml } from './mail-words.ts';

interface Options {
  html?: string;
}

export async function run(ctx: CommandContext, [id]: [id: string], { html: file }: Options): Promise<void> {
  const { admin } = await ctx.client();
  const mail = await admin.mail.get(id, { signal: ctx.signal });
  if (ctx.json) {
    if (file !== undefined) await writeHtml(ctx, file, mail.html);
    return ctx.io.json(mail);
  }
  await showWords(ctx, mail, {
    file,
    head: [
      ['From', mail.from],
      ['To', mail.to],
      ['Date', mail.sentAt],
    ],
  });
}
