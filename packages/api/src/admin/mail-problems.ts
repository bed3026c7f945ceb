import { problem } from '../platform/problem.ts';

export const mailNotFound = problem({
  code: 'mail_not_found',
  status: 404,
  title: 'There is no such mail',
  help: 'The mailbox holds no mail of this id; it keeps the newest thousand. `GET /v1/admin/mails` and `sojourn admin mail list` show them.',
});
export const mailboxNotAvailable = problem({
  code: 'mailbox_not_available',
  status: 409,
  title: 'This server keeps no mail',
  help: 'With `SMTP_URL` mail is sent rather than kept: look for it where that server delivers it, and for what cannot be sent in `sojourn admin queues show mail`. Without `SMTP_URL` all mail is kept as files in the data folder.',
});
export const mailTemplateNotFound = problem({
  code: 'mail_template_not_found',
  status: 404,
  title: 'There is no such mail template',
  help: '`GET /v1/admin/mail-templates` lists all by name.',
});
