import type { Express } from 'express';
import { sendPage } from './docs.ts';
import { info } from './surface.ts';

// The two pages that links in our mail lead to, for a marketplace without pages of its own. The token stands behind `#`
// and reaches the server only when somebody presses the button: programs that open every link of a mail use nothing up.

export function mountAccountPages(app: Express): void {
  app.get('/verify-email', (_req, res) => sendPage(res, VERIFY_PAGE));
  app.get('/reset-password', (_req, res) => sendPage(res, RESET_PAGE));
  app.get('/account-pages.js', (_req, res) => void res.type('text/javascript').send(SCRIPT));
}

const STYLE = `
:root { color-scheme: light dark; --page: #f2f5f7; --card: #fff; --text: #1f2933; --soft: #5b6770; --line: #cbd3da; --main: #0b6e63; --good: #0b6e63; --bad: #b3261e; font: 16px/1.5 system-ui, sans-serif; }
@media (prefers-color-scheme: dark) { :root { --page: #12181d; --card: #1c242b; --text: #e6ebef; --soft: #a3afb8; --line: #44505a; --good: #5cc8b9; --bad: #ff9d94; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100svh; padding: 12vh 1rem 2rem; background: var(--page); color: var(--text); }
main { max-width: 26rem; margin: 0 auto; }
.brand { margin: 0 0 1rem .25rem; font-weight: 700; font-size: 1.125rem; }
.card { padding: 2rem; border-radius: 12px; background: var(--card); box-shadow: 0 1px 2px rgb(0 0 0 / .08), 0 8px 24px rgb(0 0 0 / .06); }
h1 { margin: 0 0 .5rem; font-size: 1.375rem; line-height: 1.3; text-wrap: balance; }
p { margin: 0 0 1.25rem; }
label { display: block; margin-bottom: .375rem; font-weight: 600; }
input { width: 100%; padding: .625rem .75rem; border: 1px solid var(--line); border-radius: 8px; background: var(--page); color: inherit; font: inherit; }
small { display: block; margin: .375rem 0 1.25rem; color: var(--soft); }
button { width: 100%; padding: .75rem 1rem; border: 0; border-radius: 8px; background: var(--main); color: #fff; font: inherit; font-weight: 600; cursor: pointer; }
button:hover { filter: brightness(1.1); }
button:disabled { opacity: .6; cursor: progress; }
:focus-visible { outline: 2px solid var(--good); outline-offset: 2px; }
[role=status] { margin: 1.25rem 0 0; }
[role=status]:empty { display: none; }
[data-mood=bad] { color: var(--bad); }
[data-mood=good] h1 { color: var(--good); }
[hidden] { display: none !important; }
@media (max-width: 30rem) { body { padding-top: 2rem; } .card { padding: 1.5rem; } }`;

const page = (title: string, body: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} · ${info.name}</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<main>
<p class="brand">${info.name}</p>
<div class="card">
${body}
<noscript><p>This page needs JavaScript.</p></noscript>
</div>
</main>
<script src="account-pages.js"></script>
</body>
</html>`;

const SHOWN_LATER = 'hidden';

const VERIFY_PAGE = page(
  'Verify your email address',
  `<form data-call="verify-email" data-needs="token" ${SHOWN_LATER}>
<h1>Verify your email address</h1>
<p>Did you open an account here? Then press the button, and the address is yours.</p>
<button>Verify my address</button>
<p role="status" data-mood="bad"></p>
</form>
<div data-done data-mood="good" tabindex="-1" ${SHOWN_LATER}><h1>Your address is verified</h1><p>You can close this page.</p></div>
<div data-without="token" ${SHOWN_LATER}><h1>This link is not whole</h1><p>Open the link of the mail again, or copy all of it. A link that was used is spent: then your address may be verified already.</p></div>`,
);

const RESET_PAGE = page(
  'Choose a new password',
  `<form data-call="reset-password" data-needs="token" ${SHOWN_LATER}>
<h1>Choose a new password</h1>
<p>You are signed out everywhere else when it is changed.</p>
<label for="password">New password</label>
<input id="password" name="password" type="password" autocomplete="new-password" minlength="8" required aria-describedby="rules">
<small id="rules">At least 8 characters. A few words that you do not use elsewhere are best.</small>
<button>Change the password</button>
<p role="status" data-mood="bad"></p>
</form>
<form data-call="forgot-password" data-without="token" ${SHOWN_LATER}>
<h1>Forgot your password?</h1>
<p>We send you a link by which you choose a new one.</p>
<label for="email">Email address</label>
<input id="email" name="email" type="email" autocomplete="email" required>
<small></small>
<button>Send me a link</button>
<p role="status" data-mood="bad"></p>
</form>
<div data-done="reset-password" data-mood="good" tabindex="-1" ${SHOWN_LATER}><h1>Your password is changed</h1><p>Sign in with the new one.</p></div>
<div data-done="forgot-password" data-mood="good" tabindex="-1" ${SHOWN_LATER}><h1>Look into your mail</h1><p>If the address has a verified account, a link is on its way. It works for an hour.</p></div>`,
);

// Runs in browsers, and so is text here: no build step for forty lines.
const SCRIPT = `'use strict';
const token = new URLSearchParams(location.hash.slice(1)).get('token');
const show = (element) => { element.hidden = false; };
document.querySelectorAll(token ? '[data-needs=token]' : '[data-without=token]').forEach(show);

for (const form of document.forms) form.addEventListener('submit', (event) => {
  event.preventDefault();
  void send(form);
});

async function send(form) {
  const button = form.querySelector('button');
  const status = form.querySelector('[role=status]');
  button.disabled = true;
  status.textContent = '';
  try {
    const body = { ...(form.dataset.needs ? { token } : {}), ...Object.fromEntries(new FormData(form)) };
    const answer = await fetch('v1/auth/' + form.dataset.call, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (answer.ok) finish(form);
    else refused(form, status, await answer.json());
  } catch {
    status.textContent = 'The server cannot be reached. Try again in a moment.';
  }
  button.disabled = false;
}

function finish(form) {
  // A spent token has no business in the history.
  history.replaceState(null, '', location.pathname);
  form.hidden = true;
  const done = document.querySelector('[data-done="' + form.dataset.call + '"], [data-done=""]');
  show(done);
  done.focus();
}

function refused(form, status, problem) {
  const again = document.querySelector('form[data-without=token]');
  status.textContent = wordsFor(problem);
  if (problem.code !== 'email_token_invalid' || !again) return;
  form.hidden = true;
  again.querySelector('[role=status]').textContent = status.textContent;
  show(again);
}

function wordsFor({ code, title, errors }) {
  if (code === 'email_token_invalid') return 'This link is not valid any more: it was used, or is too old. Ask for a new one.';
  if (code === 'email_verified_elsewhere') return 'Another account has verified this address already. Sign in to that one.';
  if (code === 'rate_limited' || code === 'overloaded') return 'That was a lot at once. Wait a minute, then try again.';
  const [first] = errors || [];
  return first ? 'The ' + first.pointer.slice(1) + ' ' + first.message + '.' : title + '.';
}
`;
