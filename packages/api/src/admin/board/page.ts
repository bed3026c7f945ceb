import { createHash } from 'node:crypto';

// What a person meets before the board: two small pages of our own, without a script.
const STYLE = `:root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif; }
body { max-width: 22rem; margin: 4rem auto; padding: 0 1rem; }
h1 { font-size: 1.4rem; }
label { display: block; margin: 1rem 0; }
input { display: block; box-sizing: border-box; width: 100%; padding: 0.5rem; font: inherit; }
button { padding: 0.5rem 1.2rem; font: inherit; }
.problem { padding: 0.5rem 0.8rem; border-left: 4px solid #c62828; background: color-mix(in srgb, #c62828 12%, transparent); }`;

const hash = createHash('sha256').update(STYLE).digest('base64');

/** Nothing but the style above, and forms that go to this server. */
export const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${hash}'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`;

const escapeHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const page = (title: string, body: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>${body}</body>
</html>`;

export const signInPage = (basePath: string, problem?: string) =>
  page(
    'Sojourn queues',
    `<h1>Sojourn queues</h1>
${problem ? `<p class="problem" role="alert">${escapeHtml(problem)}</p>` : '<p>Sign in as an admin.</p>'}
<form method="post" action="${basePath}/sign-in">
<label>Email address <input name="email" type="email" autocomplete="username" required autofocus></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required></label>
<button>Sign in</button>
</form>`,
  );

export const signOutPage = (basePath: string) =>
  page(
    'Sign out of Sojourn queues',
    `<h1>Sign out?</h1>
<form method="post" action="${basePath}/sign-out"><button>Sign out</button></form>
<p><a href="${basePath}">Back to the queues</a></p>`,
  );
