import { problem } from '../platform/problem.ts';

export const maintenanceNotFound = problem({
  code: 'maintenance_not_found',
  status: 404,
  title: 'There is no such maintenance',
  help: '`GET /v1/admin/maintenance` and `sojourn admin maintenance list` show all tasks by name, with what each does.',
});
export const maintenanceRunNotFound = problem({
  code: 'maintenance_run_not_found',
  status: 404,
  title: 'There is no such run of maintenance',
  help: '`GET /v1/admin/maintenance-runs` lists all runs, the newest first.',
});
