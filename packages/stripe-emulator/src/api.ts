import { Refusal } from './errors.ts';
import { begin, type Emulation } from './execute.ts';
import type { Form } from './form.ts';
import { list, readParams, text } from './params.ts';
import { render } from './render.ts';
import type { Route } from './route.ts';

export interface ApiRequest {
  id: string;
  method: string;
  path: string;
  form: Form;
  /** The parameters as they came, in one order: what an idempotency key is bound to. */
  fingerprint: string;
  idempotencyKey: string | undefined;
  apiVersion: string;
}

export interface Answer {
  status: number;
  body: unknown;
  replayed?: boolean;
}

interface Match {
  route: Route;
  id: string;
  second: string;
}

/** Finds the route of a request, and the ids in its address. */
export function matcher(routes: Route[]): (method: string, path: string) => Match {
  const known = routes.map((route) => ({ route, parts: route.path.split('/') }));
  return (method, path) => {
    const given = path.split('/');
    const match = known.find(
      ({ route, parts }) =>
        route.method === method &&
        parts.length === given.length &&
        parts.every((part, index) => part === given[index] || (part.startsWith(':') && given[index] !== '')),
    );
    if (!match) throw unrecognised(method, path);
    const ids = given.filter((_, index) => match.parts[index]!.startsWith(':')).map(decode);
    return { route: match.route, id: ids[0] ?? '', second: ids[1] ?? '' };
  };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const unrecognised = (method: string, path: string) =>
  new Refusal(404, {
    type: 'invalid_request_error',
    message: `Unrecognized request URL (${method}: ${path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`,
  });

/** As at Stripe, a key may be used anew after a day. */
export const KEYS_LIVE_SECONDS = 86_400;

/** Does what a request asks for, all of it or nothing, and remembers the answer under its key. */
export function answerTo(emulation: Emulation, match: Match, request: ApiRequest): Answer {
  const key = request.idempotencyKey;
  const asking = { requestId: request.id, idempotencyKey: key ?? null, apiVersion: request.apiVersion };
  let work = begin(emulation, asking);
  const stored = key === undefined ? undefined : work.get('stored_answer', key);
  if (stored && stored.at > work.now - KEYS_LIVE_SECONDS) return replay(stored, request);
  let answer: Answer;
  try {
    const { expand, ...form } = request.form;
    const given = readParams(match.route.shape, form);
    const wanted = list(text()).read(expand, 'expand');
    const object = match.route.answer(work, given as never, match.id, match.second);
    answer = { status: 200, body: render(work, object, wanted) };
  } catch (error) {
    if (!(error instanceof Refusal) || error.remains === 'nothing') throw error;
    if (error.remains === 'answer') work = begin(emulation, asking);
    answer = refused(error);
  }
  if (key !== undefined) {
    const { status, body } = answer;
    work.put('stored_answer', { id: key, fingerprint: request.fingerprint, status, body, at: work.now });
  }
  work.commit();
  return answer;
}

export const refused = ({ status, body }: Refusal): Answer => ({ status, body: { error: body } });

function replay(
  stored: { id: string; fingerprint: string; status: number; body: unknown },
  request: ApiRequest,
): Answer {
  if (stored.fingerprint === request.fingerprint)
    return { status: stored.status, body: stored.body, replayed: true };
  throw new Refusal(400, {
    type: 'idempotency_error',
    message: `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${stored.id}' if you meant to execute a different request.`,
  });
}
