import { z } from 'zod';
import { overloaded } from '../problems.ts';
import { open, type Route, route } from './route.ts';

export interface SystemInfo {
  name: string;
  version: string;
}

const Welcome = z
  .object({
    name: z.string(),
    version: z.string(),
    mode: z.enum(['sandbox', 'live']),
    links: z.object({
      openapi: z.string(),
      docs: z.string(),
      health: z.string(),
      ready: z.string(),
      metrics: z.string(),
    }),
  })
  .meta({
    id: 'Welcome',
    examples: [
      {
        name: 'Sojourn',
        version: '0.1.0',
        mode: 'sandbox',
        links: {
          openapi: '/openapi.json',
          docs: '/docs',
          health: '/healthz',
          ready: '/readyz',
          metrics: '/metrics',
        },
      },
    ],
  });

const Health = z.object({ status: z.literal('ok') }).meta({ id: 'Health', examples: [{ status: 'ok' }] });

/** What every server of its kind answers, whatever its business. */
export function systemRoutes(info: SystemInfo): Route[] {
  const tag = 'Meta';
  const request = {};
  return [
    route(
      {
        operationId: 'getWelcome',
        method: 'get',
        path: '/',
        tag,
        summary: 'What this server is',
        access: open,
        request,
        status: 200,
        response: Welcome,
      },
      async ({ config }) => ({
        ...info,
        mode: config.mode,
        links: {
          openapi: '/openapi.json',
          docs: '/docs',
          health: '/healthz',
          ready: '/readyz',
          metrics: '/metrics',
        },
      }),
    ),
    route(
      {
        operationId: 'getHealth',
        method: 'get',
        path: '/healthz',
        tag,
        summary: 'Whether the process is alive',
        access: open,
        request,
        status: 200,
        response: Health,
      },
      async () => ({ status: 'ok' as const }),
    ),
    route(
      {
        operationId: 'getReadiness',
        method: 'get',
        path: '/readyz',
        tag,
        summary: 'Whether the process takes requests',
        description:
          'Asks the database. 503 while it does not answer, while the process starts, and once it was asked to stop.',
        access: open,
        request,
        status: 200,
        response: Health,
      },
      async ({ pool, lifecycle }) => {
        if (!lifecycle.ready)
          throw overloaded({
            detail: 'The server is starting or stopping.',
            headers: { 'Retry-After': '1' },
          });
        await pool.query('select 1');
        return { status: 'ok' as const };
      },
    ),
    route(
      {
        operationId: 'getMetrics',
        method: 'get',
        path: '/metrics',
        tag,
        summary: 'Measurements for Prometheus',
        access: open,
        request,
        status: 200,
        media: 'text/plain; version=0.0.4; charset=utf-8',
        response: z.string().meta({ examples: ['# HELP http_request_duration_seconds …'] }),
      },
      ({ metrics }) => metrics.text(),
    ),
  ];
}
