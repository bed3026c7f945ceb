import type { TestServer } from './server.ts';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever came.
  body: any;
}

export interface CallOptions {
  body?: unknown;
  headers?: Record<string, string>;
}

/** Calls the server as somebody: JSON out, JSON back. */
export type Caller = (method: string, path: string, options?: CallOptions) => Promise<Answer>;

export const callerOf =
  ({ url }: Pick<TestServer, 'url'>, credential?: string): Caller =>
  async (method, path, { body, headers } = {}) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(credential === undefined ? {} : { Authorization: `Bearer ${credential}` }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson =
      answer.headers.get('content-type')?.includes('json') &&
      !answer.headers.get('content-type')?.includes('ndjson');
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      body: isJson && text ? JSON.parse(text) : null,
    };
  };

let people = 0;

/** A new person, signed in. */
export async function newPerson(server: Pick<TestServer, 'url'>): Promise<{ id: string; call: Caller }> {
  people += 1;
  const { body } = await callerOf(server)('POST', '/v1/auth/register', {
    body: { email: `person-${people}@example.com`, password: 'harbour-lantern-42', displayName: 'Robin' },
  });
  return { id: body.user.id, call: callerOf(server, body.accessToken) };
}
