import { randomUUID } from 'node:crypto';
import cors from 'cors';
import express, { type Express, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import helmet from 'helmet';
import { allows, anonymousCaller, authenticate, type Caller, linkHolder } from './auth/authenticate.js';
import { refuseForeignPages } from './auth/same-site.js';
import { discardRest } from './http/discard-rest.js';
import { answerProblem, toProblem } from './problems/answer-problem.js';
import { Problem } from './problems/problem.js';
import { queueDashboard } from './queue-dashboard.js';
import { allRoutes } from './routes/all-routes.js';
import type { Route } from './routes/route.js';
import type { Service } from './service.js';

const dashboardPath = '/queues';
const longestUrl = 16 * 1024;
const quietRoutes = new Set(['/livez', '/readyz', '/metrics']);

/** Express with every route in place; refusals of any kind end as problem documents. */
export function createApp(service: Service): Express {
  const { config } = service;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.set('strict routing', true);
  app.set('case sensitive routing', true);
  app.set('trust proxy', config.TRUST_PROXY);

  app.use((request, response, next) => begin(request, response, next, service));
  app.use(
    helmet({
      contentSecurityPolicy: { directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] }, useDefaults: false },
      crossOriginResourcePolicy: { policy: config.CORS_ORIGINS.length > 0 ? 'cross-origin' : 'same-origin' },
      xFrameOptions: { action: 'deny' },
      // Promising HTTPS is for those who have it.
      strictTransportSecurity: config.PUBLIC_URL?.startsWith('https:') ?? false,
    }),
  );
  if (config.CORS_ORIGINS.length > 0)
    app.use(
      cors({
        origin: config.CORS_ORIGINS.includes('*') ? '*' : [...config.CORS_ORIGINS],
        exposedHeaders: [
          'Location',
          'Retry-After',
          'ETag',
          'X-Request-Id',
          'Preference-Applied',
          'Content-Disposition',
          'Content-Range',
        ],
        maxAge: 600,
      }),
    );
  app.use((request, _response, next) => {
    refuseForeignPages(request, config);
    next();
  });

  for (const [path, routes] of byPath(allRoutes)) mount(app, path, routes, service);
  app.use(dashboardPath, operatorsOnly(service), queueDashboard(service.desk, dashboardPath));
  app.use((request) => {
    throw Problem.routeNotFound(request.path);
  });
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) => {
    const problem = toProblem(isUriError(error) ? new URIError() : error);
    service.metrics.refused(problem.code);
    if (problem.status >= 500) {
      const level = problem.code === 'internal-error' ? 'error' : 'warn';
      service.log[level](
        { err: problem.cause, code: problem.code, requestId: response.locals.requestId },
        problem.message,
      );
    }
    // Who has asked whether to send may or may not send now: what comes next on this connection could be anything.
    if (request.headers.expect !== undefined && !request.complete && !response.headersSent)
      response.setHeader('Connection', 'close');
    answerProblem(response, problem, request.path, response.locals.requestId as string);
    discardRest(request, response);
  });
  return app;
}

/** The first thing done with a request: its id, its log line, its measures, and the bounds of its address. */
function begin(request: Request, response: Response, next: NextFunction, service: Service): void {
  const started = process.hrtime.bigint();
  const offered = request.headers['x-request-id'];
  const requestId = typeof offered === 'string' && /^[\w.:-]{1,100}$/.test(offered) ? offered : randomUUID();
  response.locals.requestId = requestId;
  response.setHeader('X-Request-Id', requestId);
  if (service.closing.aborted) response.setHeader('Connection', 'close');
  service.metrics.inFlight.inc();
  response.once('close', () => {
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    const route = (response.locals.route as string | undefined) ?? 'none';
    const sent = response.writableFinished && request.method !== 'HEAD';
    const bytes = sent ? Number(response.getHeader('Content-Length') ?? 0) : 0;
    service.metrics.inFlight.dec();
    service.metrics.answered(request.method, route, response.statusCode, seconds, bytes);
    service.log[quietRoutes.has(route) ? 'debug' : 'info'](
      {
        requestId,
        method: request.method,
        path: request.path,
        route,
        status: response.statusCode,
        seconds,
        whole: response.writableFinished,
        renderId: response.locals.renderId as string | undefined,
        tenant: response.locals.tenant as string | undefined,
        traceId: response.locals.traceId as string | undefined,
      },
      'answered',
    );
  });
  const hosts = request.rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host').length;
  // RFC 9112 section 3.2: proxies in front may believe another one than this service would.
  if (hosts > 1 || (hosts === 0 && request.httpVersion === '1.1'))
    throw Problem.malformedRequest(hosts > 1 ? 'it has several Hosts' : 'it has no Host');
  if (request.httpVersionMajor !== 1) throw Problem.malformedRequest('its version of HTTP is not spoken here');
  if (request.url.length > longestUrl) throw Problem.uriTooLong(longestUrl);
  next();
}

function byPath(routes: readonly Route[]): Map<string, Route[]> {
  const paths = new Map<string, Route[]>();
  for (const route of routes) paths.set(route.path, [...(paths.get(route.path) ?? []), route]);
  return paths;
}

function mount(app: Express, path: string, routes: readonly Route[], service: Service): void {
  const pattern = path.replace(/\{(\w+)\}/g, ':$1');
  const allow = routes.flatMap(({ method }) => (method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()]));
  for (const route of routes)
    app[route.method](pattern, async (request, response) => {
      response.locals.route = path;
      const caller = identify(route, request, service);
      response.locals.tenant = caller.tenant;
      if (quietRoutes.has(path)) await route.run(request, response, caller, service);
      else await trace(path, request, response, service, () => route.run(request, response, caller, service));
    });
  app.all(pattern, (request, response) => {
    response.locals.route = path;
    if (request.method !== 'OPTIONS')
      throw Problem.methodNotAllowed(request.method, request.path, [...allow, 'OPTIONS']);
    response.setHeader('Allow', [...allow, 'OPTIONS'].join(', '));
    response.writeHead(204).end();
  });
}

/** Answers within a span; only refusals that are the service's own fault count as its errors. */
function trace(
  path: string,
  request: Request,
  response: Response,
  { tracing }: Service,
  answer: () => Promise<void>,
): Promise<void> {
  const { method, headers } = request;
  const attributes = { 'http.request.method': method, 'http.route': path };
  return tracing.serve(`${method} ${path}`, attributes, headers, async (span) => {
    response.locals.traceId = tracing.traceId();
    try {
      await answer();
      span.set({ 'http.response.status_code': response.statusCode });
    } catch (error) {
      const { code, status } = toProblem(error);
      span.set({ 'http.response.status_code': status, 'error.type': code });
      if (status >= 500) span.fail(error);
      throw error;
    }
  });
}

function identify(route: Route, request: Request, service: Service): Caller {
  const anonymous = anonymousCaller(service.config);
  if (route.scope === null) return anonymous;
  const { expires, signature } = request.query;
  if (route.signable && typeof expires === 'string' && typeof signature === 'string') {
    service.links.verify(request.path, expires, signature);
    return linkHolder;
  }
  const caller = service.config.authenticated ? authenticate(request, service.keys, route.page === true) : anonymous;
  if (!allows(caller, route.scope)) throw Problem.forbidden(route.scope);
  return caller;
}

function operatorsOnly(service: Service): RequestHandler {
  return (request, response, next) => {
    response.locals.route = dashboardPath;
    const caller = service.config.authenticated
      ? authenticate(request, service.keys, true)
      : anonymousCaller(service.config);
    if (!allows(caller, 'admin')) throw Problem.forbidden('admin');
    // The dashboard has an error page of its own for this, which is none.
    if (service.desk.redis.status !== 'ready') throw Problem.queueUnavailable();
    next();
  };
}

/** Express gives the errors of paths that cannot be decoded this status. */
function isUriError(error: unknown): boolean {
  return (
    !(error instanceof Problem) &&
    typeof error === 'object' &&
    error !== null &&
    'status' in error &&
    error.status === 400
  );
}
