import { type Access, type Route, route } from '../platform/http/route.ts';
import { maintenanceNotFound, maintenanceRunNotFound } from './maintenance-problems.ts';
import {
  MaintenanceBody,
  MaintenanceParams,
  MaintenanceRunPage,
  MaintenanceRunParams,
  MaintenanceRunQuery,
  MaintenanceRunView,
  MaintenanceTaskList,
  toMaintenanceRunView,
} from './maintenance-schema.ts';
import { getMaintenanceRun, listMaintenanceRuns, startMaintenance } from './service/maintenance.ts';
import { MAINTENANCE_TASKS } from './service/maintenance-tasks.ts';

const admins: Access = { kind: 'scope', scope: 'admin', roles: ['admin'] };

export const adminMaintenanceRoutes: Route[] = [
  route(
    {
      operationId: 'listMaintenanceTasks',
      method: 'get',
      path: '/v1/admin/maintenance',
      tag: 'Admin',
      summary: 'List the kinds of maintenance',
      access: admins,
      request: {},
      status: 200,
      response: MaintenanceTaskList,
    },
    async () => ({
      data: MAINTENANCE_TASKS.map(({ name, summary, applies, options }) => ({
        name,
        summary,
        applies,
        options: Object.keys(options.shape),
      })),
    }),
  ),
  route(
    {
      operationId: 'startMaintenance',
      method: 'post',
      path: '/v1/admin/maintenance/{task}',
      tag: 'Admin',
      summary: 'Start maintenance',
      description:
        'Answers at once with a run, which a worker does: `GET /v1/admin/maintenance-runs/{runId}` tells how far it is and what came of it. It only looks unless it is told to `apply`, with a reason.',
      access: admins,
      idempotent: true,
      request: { params: MaintenanceParams, body: MaintenanceBody },
      status: 202,
      response: MaintenanceRunView,
      problems: [maintenanceNotFound],
    },
    async (ctx, { params, body }) => toMaintenanceRunView(await startMaintenance(ctx, params.task, body)),
  ),
  route(
    {
      operationId: 'listMaintenanceRuns',
      method: 'get',
      path: '/v1/admin/maintenance-runs',
      tag: 'Admin',
      summary: 'List what maintenance was done',
      description: 'Newest first, also what the marketplace does daily by itself.',
      access: admins,
      request: { query: MaintenanceRunQuery },
      status: 200,
      response: MaintenanceRunPage,
    },
    async (ctx, { query }) => {
      const { data, nextCursor } = await listMaintenanceRuns(ctx, query);
      return { data: data.map(toMaintenanceRunView), nextCursor };
    },
  ),
  route(
    {
      operationId: 'getMaintenanceRun',
      method: 'get',
      path: '/v1/admin/maintenance-runs/{runId}',
      tag: 'Admin',
      summary: 'See how maintenance goes',
      access: admins,
      request: { params: MaintenanceRunParams },
      status: 200,
      response: MaintenanceRunView,
      problems: [maintenanceRunNotFound],
    },
    async (ctx, { params }) => toMaintenanceRunView(await getMaintenanceRun(ctx, params.runId)),
  ),
];
