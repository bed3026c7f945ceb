import { distance } from 'fastest-levenshtein';
import type { CommandContext } from '../../command-context.ts';
import { CliError, usageError } from '../../exit.ts';
import type { Colours } from '../../io.ts';
import { problemPages } from '../../problem-pages.ts';
import { table, wrap } from '../../render.ts';

export async function run(ctx: CommandContext, [code]: [code?: string]): Promise<void> {
  const pages = problemPages();
  if (code === undefined) return listAll(ctx, pages);
  const page = Object.hasOwn(pages, code) ? pages[code] : undefined;
  if (page === undefined) {
    const near = similar(code, Object.keys(pages));
    throw usageError(`There is no error code ${code}.`, [
      ...(near.length > 0 ? [`Did you mean ${near.join(', ')}?`] : []),
      'sojourn explain   (lists them all)',
    ]);
  }
  if (ctx.json) return ctx.io.json({ code, title: titleOf(page), text: page });
  ctx.io.print(drawPage(page, Math.min(ctx.io.columns, 80), ctx.io.paint.out));
}

function listAll({ io, json }: CommandContext, pages: Record<string, string>): Promise<void> | void {
  const rows = Object.entries(pages).map(([code, page]) => ({ code, title: titleOf(page) }));
  if (rows.length === 0)
    throw new CliError('This build carries no pages of error codes.', {
      next: ['The server has them: see type in the error itself.'],
    });
  if (json) return io.json(rows);
  io.print(
    table(
      rows,
      [
        { title: 'CODE', text: ({ code }) => code, style: (cell) => io.paint.out.cyan(cell) },
        { title: 'MEANS', text: ({ title }) => title, flexible: true },
      ],
      io.columns,
      io.paint.out,
    ),
  );
}

/** The first heading of a page. */
const titleOf = (page: string) => /^#+\s+(.*)$/m.exec(page)?.[1]?.trim() ?? '';

/** Codes that contain the word, or else those that a few wrong letters lead away from. */
function similar(word: string, codes: readonly string[]): string[] {
  const containing = codes.filter((code) => word.length > 2 && code.includes(word.toLowerCase()));
  if (containing.length > 0) return containing.slice(0, 5);
  const ranked = codes
    .map((code) => ({ code, edits: distance(word.toLowerCase(), code) }))
    .sort((a, b) => a.edits - b.edits);
  const best = ranked[0]?.edits ?? 0;
  return best <= Math.max(2, word.length / 3)
    ? ranked
        .filter(({ edits }) => edits === best)
        .slice(0, 3)
        .map(({ code }) => code)
    : [];
}

/** As much of Markdown as the pages use: headings, paragraphs, lists and `code`. */
const drawPage = (markdown: string, width: number, paint: Colours): string =>
  markdown
    .trim()
    .split('\n')
    .flatMap((line) => (line.startsWith('#') ? [paint.bold(line.replace(/^#+\s*/, ''))] : wrap(line, width)))
    .join('\n')
    .replace(/`([^`]+)`/g, (quoted, code: string) =>
      paint.cyan('') === '' ? quoted : code.split('\n').map(paint.cyan).join('\n'),
    );
