import type { Block } from './block.ts';

// Mail programs read little of HTML and less of CSS: tables for the layout, styles on every element, no image, nothing
// fetched. The colours are readable as they stand; programs that know dark mode take the ones of the style sheet.

const FONT = `font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif`;
const TEXT = `margin:0 0 16px;${FONT};font-size:16px;line-height:24px;color:#1f2933`;
const NOTE = `margin:0 0 12px;${FONT};font-size:13px;line-height:20px;color:#5b6770`;
const CODE = `margin:0 0 16px;padding:12px 16px;font-family:ui-monospace,Menlo,Consolas,monospace;font-size:16px;line-height:24px;word-break:break-all;border-radius:6px;background-color:#eef2f5;color:#1f2933`;
const LINK = `display:inline-block;padding:12px 24px;${FONT};font-size:16px;line-height:24px;font-weight:600;color:#ffffff;text-decoration:none;border-radius:6px;background-color:#0b6e63`;

const STYLE = `
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (prefers-color-scheme: dark) {
  .page { background-color: #12181d !important; }
  .card { background-color: #1c242b !important; }
  .text, .brand { color: #e6ebef !important; }
  .note { color: #a3afb8 !important; }
  .code { background-color: #12181d !important; color: #e6ebef !important; }
}
@media (max-width: 620px) { .card { padding: 24px 20px !important; } }`;

export const escapeHtml = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

/** The one layout: a card of at most 600 pixels, the marketplace's name above, the blocks below each other. */
export const htmlOf = (
  blocks: readonly Block[],
  { subject, brand }: { subject: string; brand: string },
): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(subject)}</title>
<style>${STYLE}
</style>
</head>
<body class="page" style="margin:0;padding:0;background-color:#f2f5f7">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" class="page" style="background-color:#f2f5f7">
<tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:600px">
<tr><td class="brand" style="padding:0 4px 16px;${FONT};font-size:18px;line-height:24px;font-weight:700;color:#1f2933">${escapeHtml(brand)}</td></tr>
<tr><td class="card" style="padding:32px;border-radius:10px;background-color:#ffffff">
${blocks.map(blockHtml).join('\n')}
</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`;

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p class="text" style="${TEXT}">${escapeHtml(block.text)}</p>`;
    case 'note':
      return `<p class="note" style="${NOTE}">${escapeHtml(block.text)}</p>`;
    case 'code':
      return `<p class="code" style="${CODE}">${escapeHtml(block.text)}</p>`;
    case 'list':
      return `<ul class="text" style="${TEXT};padding-left:24px">${block.items
        .map((item) => `<li>${escapeHtml(item)}</li>`)
        .join('')}</ul>`;
    case 'button':
      return buttonHtml(block.label, block.url);
  }
}

/** With the address below, for those whose program shows no links. */
const buttonHtml = (label: string, url: string) =>
  `<p style="margin:8px 0 16px"><a href="${escapeHtml(url)}" style="${LINK}">${escapeHtml(label)}</a></p>
<p class="note" style="${NOTE}">If the button does nothing, open this address:<br><span style="word-break:break-all">${escapeHtml(url)}</span></p>`;
