/** What stays of a request that is refused: nothing, its answer under the idempotency key, or also what it changed. */
export type Remains = 'nothing' | 'answer' | 'changes';

export interface ErrorBody {
  type: 'invalid_request_error' | 'card_error' | 'idempotency_error' | 'api_error';
  message: string;
  code?: string;
  param?: string;
  decline_code?: string;
  charge?: string;
  doc_url?: string;
  payment_intent?: object;
  payment_method?: object;
}

/** A request refused as Stripe refuses it. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: ErrorBody;
  readonly remains: Remains;

  constructor(status: number, body: ErrorBody, remains: Remains = 'nothing') {
    super(body.message);
    this.status = status;
    this.body = {
      ...body,
      ...(body.code && {
        doc_url: `https://stripe.com/docs/error-codes/${body.code.replaceAll('_', '-')}`,
      }),
    };
    this.remains = remains;
  }
}

/** The request itself is wrong: nothing was begun, and the same key may be used for a better one. */
export const invalid = (message: string, more: Omit<Partial<ErrorBody>, 'message' | 'type'> = {}): Refusal =>
  new Refusal(400, { type: 'invalid_request_error', message, ...more });

/** The request is well formed, but the object is not in a state for it: the answer stays under the key. */
export const unfit = (message: string, more: Omit<Partial<ErrorBody>, 'message' | 'type'> = {}): Refusal =>
  new Refusal(400, { type: 'invalid_request_error', message, ...more }, 'answer');

/** An object named in the address is not there. */
export const missing = (noun: string, id: string): Refusal =>
  new Refusal(404, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such ${noun}: '${id}'`,
    param: noun === 'payment_intent' ? 'intent' : 'id',
  });

/** An object named in a parameter is not there. */
export const missingParam = (noun: string, id: string, param: string): Refusal =>
  invalid(`No such ${noun}: '${id}'`, { code: 'resource_missing', param });
