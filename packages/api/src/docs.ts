import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Express, Response } from 'express';
import type { Problem } from './platform/problem.ts';
import { apiDocument, info, problems } from './surface.ts';

// Pages for people: the document, the reference page with its console, and one page a problem code. All of it comes
// from our own files, and the policy lets the page reach nothing but this server: it works with no internet.
const CONTENT_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const REFERENCE_SCRIPT = import.meta.filename.endsWith('.ts')
  ? path.join(import.meta.dirname, '../node_modules/@scalar/api-reference/dist/browser/standalone.js')
  : path.join(import.meta.dirname, 'reference.js');

export function mountDocs(app: Express): void {
  const document = JSON.stringify(apiDocument());
  app.get('/openapi.json', (_req, res) => {
    res.set('Cache-Control', 'public, max-age=60').type('application/json').send(document);
  });
  app.get('/docs', (_req, res) => sendPage(res, REFERENCE_PAGE));
  app.get('/docs/start.js', (_req, res) => void res.type('text/javascript').send(START_SCRIPT));
  app.get('/docs/reference.js', async (_req, res) => {
    res
      .set({ 'Cache-Control': 'public, max-age=86400', 'Content-Encoding': 'gzip' })
      .type('text/javascript')
      .send(await referenceScript());
  });
  app.get('/problems', (_req, res) => sendPage(res, problemList()));
  app.get('/problems/:code', (req, res, next) => {
    const problem = problems.find(({ code }) => code === req.params.code);
    if (problem) sendPage(res, problemPage(problem));
    else next();
  });
}

/** A page of ours: it runs no script and asks no server but this one. */
export function sendPage(res: Response, html: string): void {
  res
    .set({
      'Content-Security-Policy': CONTENT_POLICY,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer',
    })
    .type('html')
    .send(html);
}

let compressed: Promise<Buffer> | undefined;
/** Four megabytes of text, compressed once a process, when somebody first opens the page. */
function referenceScript(): Promise<Buffer> {
  compressed ??= readFile(REFERENCE_SCRIPT).then((script) => promisify(gzip)(script));
  return compressed;
}

const REFERENCE_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${info.name} API reference</title>
<link rel="icon" href="data:,">
</head>
<body>
<div id="reference"></div>
<noscript>This page needs JavaScript. The document itself is at <a href="/openapi.json">/openapi.json</a>.</noscript>
<script src="/docs/reference.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>`;

const START_SCRIPT = `Scalar.createApiReference('#reference', ${JSON.stringify({
  url: '/openapi.json',
  theme: 'default',
  layout: 'modern',
  withDefaultFonts: false,
  telemetry: false,
  proxyUrl: '',
  hideClientButton: true,
  showDeveloperTools: 'never',
  agent: { disabled: true },
  mcp: { disabled: true },
  defaultOpenFirstTag: true,
  operationTitleSource: 'summary',
  metaData: { title: `${info.name} API reference` },
  authentication: { preferredSecurityScheme: 'bearer' },
})});`;

const escapeHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const withCode = (text: string) => escapeHtml(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');

const page = (title: string, body: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style>
:root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif; }
body { max-width: 42rem; margin: 3rem auto; padding: 0 1rem; }
code { font: 0.9em ui-monospace, monospace; padding: 0.1em 0.3em; border-radius: 4px; background: color-mix(in srgb, currentColor 10%, transparent); }
td { padding: 0.2rem 1rem 0.2rem 0; vertical-align: top; }
small { opacity: 0.7; }
</style>
</head>
<body>${body}</body>
</html>`;

const problemPage = ({ code, status, title, help }: Problem) =>
  page(
    title,
    `<p><small><a href="/problems">All problems</a></small></p><h1>${escapeHtml(title)}</h1>
<p><code>${code}</code> · HTTP ${status}</p><p>${withCode(help)}</p>`,
  );

const problemList = () =>
  page(
    'Problems',
    `<p><small><a href="/docs">API reference</a></small></p><h1>Problems</h1><table>${problems
      .map(
        ({ code, status, title }) =>
          `<tr><td>${status}</td><td><a href="/problems/${code}"><code>${code}</code></a></td><td>${escapeHtml(title)}</td></tr>`,
      )
      .join('')}</table>`,
  );
