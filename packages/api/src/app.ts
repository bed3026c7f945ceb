import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { mountAccountPages } from './account-pages.ts';
import { mountBoard } from './admin/board/mount.ts';
import { mountDocs } from './docs.ts';
import { authenticate } from './identity/authenticate.ts';
import type { Resources } from './platform/context.ts';
import { send } from './platform/http/answer.ts';
import { begin, failed, mount, type Surroundings } from './platform/http/mount.ts';
import { withoutRedaction } from './platform/log.ts';
import { ProblemError } from './platform/problem.ts';
import { malformedRequest, methodNotAllowed, routeNotFound } from './platform/problems.ts';
import { routes } from './surface.ts';

export interface AppOptions {
  /** Told of an answer whose problem the contract does not list; logged unless told otherwise. */
  onBreach?: (operationId: string, code: string) => void;
}

export function createApp(resources: Resources, { onBreach }: AppOptions = {}): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.set('trust proxy', resources.config.trustProxy);

  const surroundings: Surroundings = {
    resources,
    accessLog: withoutRedaction(resources.log),
    authenticate,
    problemsUrl: `${resources.config.publicUrl ?? ''}/problems`,
    onBreach:
      onBreach ??
      ((operationId, code) =>
        resources.log.error({ operationId, code }, 'answered a problem that the contract does not list')),
  };
  mountDocs(app);
  mountAccountPages(app);
  mountBoard(app, surroundings);
  mount(app, routes, surroundings);
  app.use(unmatched(surroundings));
  app.use(beforeRouting(surroundings));
  return app;
}

/** A path without an operation: 405 when another method has one, else 404. */
function unmatched(surroundings: Surroundings) {
  const known = routes.map(({ contract }) => ({
    method: contract.method.toUpperCase(),
    pattern: new RegExp(`^${contract.path.replaceAll(/\{\w+\}/g, '[^/]+').replaceAll('.', '\\.')}/?$`),
  }));
  return (req: Request, res: Response) => {
    const methods = known.filter(({ pattern }) => pattern.test(req.path)).map(({ method }) => method);
    const error =
      methods.length > 0
        ? methodNotAllowed({
            detail: `${req.method} is not one of ${methods.join(', ')}.`,
            headers: { Allow: methods.join(', ') },
          })
        : routeNotFound({ detail: `There is no ${req.method} ${req.path}.` });
    refuse(error, req, res, surroundings);
  };
}

/** What fails before a route is reached, such as a path that cannot be decoded. */
function beforeRouting(surroundings: Surroundings) {
  return (error: unknown, req: Request, res: Response, _next: NextFunction) => {
    const undecodable = error instanceof URIError || (error as { status?: number }).status === 400;
    refuse(
      undecodable ? malformedRequest({ detail: 'The path cannot be decoded.' }) : error,
      req,
      res,
      surroundings,
    );
  };
}

function refuse(error: unknown, req: Request, res: Response, surroundings: Surroundings): void {
  const ctx = begin(req, res, 'none', surroundings);
  const listed = new Set(error instanceof ProblemError ? [error.definition.code] : []);
  send(req, res, failed(error, req, ctx, 'none', listed, surroundings));
}
