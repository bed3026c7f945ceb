import type { Outbound, OutboundAnswer, OutboundRequest } from './outbound.ts';
import { OutboundError } from './outbound-error.ts';

const MAX_REDIRECTS = 3;
const REDIRECTS = [301, 302, 303, 307, 308];

type Get = Omit<OutboundRequest, 'method' | 'body'>;

/**
 * Gets what a URL leads to, over a few redirects at most. Each of them is a call of its own, checked like the first: one
 * that leads inside is refused, whoever sent us there.
 */
export async function getFollowing(outbound: Outbound, request: Get): Promise<OutboundAnswer> {
  let url = request.url;
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
    const answer = await outbound.send({ ...request, url, method: 'GET' });
    const { location } = answer.headers;
    if (!REDIRECTS.includes(answer.status) || typeof location !== 'string') return answer;
    if (!URL.canParse(location, url))
      throw new OutboundError('invalid_answer', `${new URL(url).host} redirects to what is no URL.`);
    url = new URL(location, url).href;
  }
  throw new OutboundError('invalid_answer', `It redirects more than ${MAX_REDIRECTS} times.`);
}
