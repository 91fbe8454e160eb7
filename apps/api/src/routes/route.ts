import { schemaFaults } from '@musistrata/render-core';
import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Scope } from '../auth/api-keys.js';
import type { Caller } from '../auth/authenticate.js';
import type { ProblemCode } from '../problems/codes.js';
import { type Fault, Problem } from '../problems/problem.js';
import type { Service } from '../service.js';

/** One request on its way through a route, its parameters checked. */
export interface Exchange<Params, Query> {
  readonly request: Request;
  readonly response: Response;
  readonly params: Params;
  readonly query: Query;
  readonly caller: Caller;
}

/** What one status of an answer (or one type of a request body) carries, for the OpenAPI document. */
export interface Content {
  readonly description: string;
  /** By media type; a schema of null is a plain file. */
  readonly content?: Readonly<Record<string, { readonly schema: z.ZodType | null; readonly example?: unknown }>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RouteDocument {
  readonly operationId: string;
  readonly tag: 'renders' | 'files' | 'scores' | 'server' | 'pages';
  readonly summary: string;
  readonly description?: string;
  readonly headers?: z.ZodObject;
  readonly body?: Content;
  readonly responses: Readonly<Record<number, Content>>;
  /** Refusals beyond those that every route can give. */
  readonly problems?: readonly ProblemCode[];
}

export interface RouteSpec<Params extends z.ZodObject, Query extends z.ZodObject> extends RouteDocument {
  readonly method: 'get' | 'post' | 'delete';
  /** As in OpenAPI: `/v1/renders/{id}`. */
  readonly path: string;
  /** What the caller's key must allow; null is open to everybody. */
  readonly scope: Scope | null;
  /** A signed link is as good as a key. */
  readonly signable?: boolean;
  /** Browsers open it as a page of its own: a key may come as the password of basic authentication. */
  readonly page?: boolean;
  readonly params?: Params;
  /** Strict objects refuse parameters that they do not know. */
  readonly query?: Query;
  handle(exchange: Exchange<z.output<Params>, z.output<Query>>, service: Service): Promise<void> | void;
}

/** A route with its types sealed in. */
export interface Route extends Omit<RouteSpec<z.ZodObject, z.ZodObject>, 'handle'> {
  run(request: Request, response: Response, caller: Caller, service: Service): Promise<void>;
}

const none = z.strictObject({});
const anything = z.looseObject({});

/** Seals a route: parameters are checked by its schemas before its handler sees them. */
export function defineRoute<Params extends z.ZodObject = typeof anything, Query extends z.ZodObject = typeof none>(
  spec: RouteSpec<Params, Query>,
): Route {
  const { handle, ...rest } = spec;
  const paramsSchema: z.ZodObject = spec.params ?? anything;
  const querySchema: z.ZodObject = spec.query ?? none;
  return {
    ...rest,
    async run(request, response, caller, service) {
      const params = paramsSchema.safeParse(request.params);
      const given = spec.signable ? withoutSignature(request.query) : request.query;
      const query = querySchema.safeParse(given);
      if (!params.success || !query.success) {
        throw Problem.parametersInvalid([
          ...faults(paramsSchema, request.params, params.error),
          ...faults(querySchema, given, query.error),
        ]);
      }
      await handle(
        {
          request,
          response,
          params: params.data as z.output<Params>,
          query: query.data as z.output<Query>,
          caller,
        },
        service,
      );
    },
  };
}

function withoutSignature({ expires: _expires, signature: _signature, ...rest }: Request['query']): object {
  return rest;
}

function faults(schema: z.ZodObject, given: unknown, error: z.ZodError | undefined): Fault[] {
  return schemaFaults(schema, given, error?.issues ?? []).map(({ path, message }) => ({
    parameter: path.join('.'),
    message,
  }));
}
