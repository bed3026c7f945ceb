import { type Access, type Route, route } from '../platform/http/route.ts';
import { clockNotSettled, sandboxOnly } from './clock-problems.ts';
import { ClockBody, ClockStateView, ClockView, toClockView } from './clock-schema.ts';
import type { Move } from './model/clock.ts';
import { queuesUnavailable } from './problems.ts';
import { followMove, getClock, moveClock } from './service/clock.ts';

const admins: Access = { kind: 'scope', scope: 'admin', roles: ['admin'] };

export const adminClockRoutes: Route[] = [
  route(
    {
      operationId: 'getClock',
      method: 'get',
      path: '/v1/admin/clock',
      tag: 'Admin',
      summary: 'Read the time of the marketplace',
      description: 'And whether everything that is due by it is done.',
      access: admins,
      request: {},
      status: 200,
      response: ClockStateView,
      problems: [queuesUnavailable],
    },
    async (ctx) => {
      const { settled, ...state } = await getClock(ctx);
      return { ...toClockView(state), settled };
    },
  ),
  route(
    {
      operationId: 'moveClock',
      method: 'post',
      path: '/v1/admin/clock',
      tag: 'Admin',
      summary: 'Move time',
      description:
        'Sandbox only. Forward by a span or to an instant, for everything: holds expire, requests lapse, stays begin and end, payouts go out. Never back, and ten years at most in all. Sessions may end, since they live in the same time; API keys end only by a date of their own. With `wait` the answer comes when what became due is done.',
      access: admins,
      idempotent: true,
      request: { body: ClockBody },
      status: 200,
      response: ClockView,
      afterwards: (ctx, { body }: { body: { wait: boolean } }) => followMove(ctx, body.wait),
      problems: [sandboxOnly, queuesUnavailable, clockNotSettled],
    },
    async (ctx, { body }) => {
      const { wait: _, ...move } = body;
      // That it is one of the two, the schema has made sure.
      return toClockView(await moveClock(ctx, move as Move & typeof move));
    },
  ),
];
