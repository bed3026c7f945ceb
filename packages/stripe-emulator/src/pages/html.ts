const STYLE = `
:root { color-scheme: light dark; --page: #f4f5f9; --card: #fff; --text: #1f2433; --soft: #646b7d; --line: #d4d8e2; --main: #4a45d1; --bad: #b3261e; font: 16px/1.5 system-ui, sans-serif; }
@media (prefers-color-scheme: dark) { :root { --page: #13151c; --card: #1d2029; --text: #e8eaf1; --soft: #a2a9ba; --line: #424857; --main: #7d78f2; --bad: #ff9d94; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100svh; padding: 10vh 1rem 2rem; background: var(--page); color: var(--text); }
main { max-width: 27rem; margin: 0 auto; }
.brand { display: flex; gap: .5rem; align-items: center; margin: 0 0 1rem .25rem; font-weight: 700; }
.brand span { padding: 0 .5rem; border-radius: 99px; background: #f5a524; color: #2b1c00; font-size: .75rem; }
.card { padding: 2rem; border-radius: 12px; background: var(--card); box-shadow: 0 1px 2px rgb(0 0 0 / .08), 0 8px 24px rgb(0 0 0 / .06); }
h1 { margin: 0 0 .25rem; font-size: 1.375rem; line-height: 1.3; text-wrap: balance; }
p { margin: 0 0 1.25rem; }
.amount { margin: 0 0 1.25rem; font-size: 2rem; font-weight: 700; letter-spacing: -.02em; }
ul { margin: 0 0 1.5rem; padding: 0; list-style: none; }
li { display: flex; justify-content: space-between; gap: 1rem; padding: .5rem 0; border-bottom: 1px solid var(--line); }
small { display: block; color: var(--soft); }
label { display: block; margin-bottom: .375rem; font-weight: 600; }
select { width: 100%; margin-bottom: 1.25rem; padding: .625rem .75rem; border: 1px solid var(--line); border-radius: 8px; background: var(--page); color: inherit; font: inherit; }
button, .button { display: block; width: 100%; padding: .75rem 1rem; border: 0; border-radius: 8px; background: var(--main); color: #fff; font: inherit; font-weight: 600; text-align: center; text-decoration: none; cursor: pointer; }
button + button, .button.second { margin-top: .75rem; border: 1px solid var(--line); background: none; color: inherit; }
button:hover { filter: brightness(1.1); }
:focus-visible { outline: 2px solid var(--main); outline-offset: 2px; }
[role=alert] { margin: 0 0 1.25rem; color: var(--bad); }
@media (max-width: 30rem) { body { padding-top: 2rem; } .card { padding: 1.5rem; } }`;

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign]!);

/** A whole page. `body` is HTML: whatever of it came from elsewhere has been escaped. */
export const html = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<main>
<p class="brand">Payments <span>test</span></p>
<div class="card">
${body}
</div>
</main>
</body>
</html>`;

export const notice = (title: string, text: string): string =>
  html(title, `<h1>${escaped(title)}</h1>\n<p>${escaped(text)}</p>`);
