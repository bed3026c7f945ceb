// What `@sojourn/sdk/webhooks` offers. Nothing here knows the client or undici: a receiver loads `node:crypto` and no more.
export { WebhookVerificationError, type WebhookVerificationErrorCode } from './webhooks/error.ts';
export type { WebhookEvent } from './webhooks/event.ts';
export {
  type WebhookDelivery,
  type WebhookHandlerOptions,
  type WebhookMiddleware,
  type WebhookRequest,
  type WebhookResponse,
  webhookHandler,
} from './webhooks/handler.ts';
export { generateWebhookSecret } from './webhooks/secret.ts';
export {
  type SignedHeaders,
  signWebhook,
  type VerifyWebhookOptions,
  verifyWebhook,
  type WebhookHeaders,
  type WebhookToSign,
} from './webhooks/signature.ts';
