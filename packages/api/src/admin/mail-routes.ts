import { type Access, type Route, route } from '../platform/http/route.ts';
import type { MailTemplate } from '../platform/mail/template.ts';
import { mailboxNotAvailable, mailNotFound, mailTemplateNotFound } from './mail-problems.ts';
import {
  MailPage,
  MailParams,
  MailPreview,
  MailQuery,
  MailTemplateList,
  MailTemplateParams,
  MailView,
  toMailSummary,
  toMailView,
} from './mail-schema.ts';
import { getMail, listMails, previewMail } from './service/mails.ts';

const admins: Access = { kind: 'scope', scope: 'admin', roles: ['admin'] };

/** What admins see of mail. The templates are those of all features, brought together where all routes are. */
export const adminMailRoutes = (templates: readonly MailTemplate[]): Route[] => [
  route(
    {
      operationId: 'listMailTemplates',
      method: 'get',
      path: '/v1/admin/mail-templates',
      tag: 'Admin',
      summary: 'List the kinds of mail',
      description: 'Everything that this server writes to people.',
      access: admins,
      request: {},
      status: 200,
      response: MailTemplateList,
    },
    async () => ({ data: templates.map(({ name, summary }) => ({ name, summary })) }),
  ),
  route(
    {
      operationId: 'previewMail',
      method: 'get',
      path: '/v1/admin/mail-templates/{name}',
      tag: 'Admin',
      summary: 'See how a mail looks',
      description: 'Its subject, text and HTML with made-up data.',
      access: admins,
      request: { params: MailTemplateParams },
      status: 200,
      response: MailPreview,
      problems: [mailTemplateNotFound],
    },
    (ctx, { params }) => previewMail(ctx, templates, params.name),
  ),
  route(
    {
      operationId: 'listMails',
      method: 'get',
      path: '/v1/admin/mails',
      tag: 'Admin',
      summary: 'List the mail that was kept',
      description: 'Of a server without `SMTP_URL`, which keeps the newest thousand as files: newest first.',
      access: admins,
      request: { query: MailQuery },
      status: 200,
      response: MailPage,
      problems: [mailboxNotAvailable],
    },
    async (ctx, { query }) => {
      const { data, nextCursor } = await listMails(ctx, query);
      return { data: data.map(toMailSummary), nextCursor };
    },
  ),
  route(
    {
      operationId: 'getMail',
      method: 'get',
      path: '/v1/admin/mails/{mailId}',
      tag: 'Admin',
      summary: 'Read a mail that was kept',
      access: admins,
      request: { params: MailParams },
      status: 200,
      response: MailView,
      problems: [mailboxNotAvailable, mailNotFound],
    },
    async (ctx, { params }) => toMailView(await getMail(ctx, params.mailId)),
  ),
];
