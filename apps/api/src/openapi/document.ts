import type { z } from 'zod';
import { type ProblemCode, problemKinds } from '../problems/codes.js';
import { problemSchema, problemType } from '../problems/problem-document.js';
import type { Content, Route } from '../routes/route.js';
import { type JsonSchema, SchemaComponents } from './named-schemas.js';
import type { OpenApiDocument } from './openapi-document.js';
import { optionParameters } from './option-parameters.js';

const tags = [
  { name: 'renders', description: 'Hand scores in and follow what becomes of them.' },
  { name: 'files', description: 'What a finished render consists of.' },
  { name: 'scores', description: 'Look at scores without rendering them.' },
  { name: 'server', description: 'What this server has, accepts and does.' },
  { name: 'pages', description: 'For people.' },
];

/** Refusals that any route can give. */
const everywhere: readonly ProblemCode[] = [
  'parameters-invalid',
  'uri-too-long',
  'headers-too-large',
  'internal-error',
];
const withQueue: readonly ProblemCode[] = ['queue-unavailable', 'storage-unavailable'];

/** The OpenAPI 3.1 document of the routes: all of it comes from what the routes themselves check by. */
export function openApiDocument(routes: readonly Route[], publicUrl: string | undefined): OpenApiDocument {
  const components = new SchemaComponents();
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const route of routes) {
    paths[route.path] ??= {};
    paths[route.path]![route.method] = operation(route, components);
  }
  components.of(problemSchema, 'output');
  return {
    openapi: '3.1.1',
    info: {
      title: 'Musistrata Render',
      version: '1',
      summary: 'Scores in, audio out.',
      description:
        'Turns MusiStrata songs, MIDI, MusicXML and Guitar Pro files into audio. Every refusal is a problem document (RFC 9457) with a stable code.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: publicUrl?.replace(/\/$/, '') ?? '/' }],
    tags,
    paths,
    components: {
      schemas: sorted(components.schemas),
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An API key, on servers that ask for one.' },
        link: {
          type: 'apiKey',
          in: 'query',
          name: 'signature',
          description: 'Links in answers are signed together with `expires` and need no key.',
        },
      },
    },
  };
}

function operation(route: Route, components: SchemaComponents): JsonSchema {
  const security = route.scope === null ? [] : [{}, { key: [route.scope] }, ...(route.signable ? [{ link: [] }] : [])];
  return {
    operationId: route.operationId,
    tags: [route.tag],
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    security,
    parameters: parameters(route, components),
    ...(route.body === undefined
      ? {}
      : { requestBody: { required: true, ...content(route.body, 'input', components) } }),
    responses: { ...answers(route, components), ...refusals(route) },
  };
}

function parameters(route: Route, components: SchemaComponents): JsonSchema[] {
  const listed = (where: string, object: z.ZodObject | undefined) =>
    Object.entries(object?.shape ?? {}).map(([name, member]) => {
      const schema = member as z.ZodType;
      const { description, ...rest } = components.of(schema, 'input');
      return {
        name,
        in: where,
        required: where === 'path' || !schema.safeParse(undefined).success,
        ...(description === undefined ? {} : { description }),
        schema: rest,
      };
    });
  const options = route.body && route.tag !== 'server' ? optionParameters() : [];
  return [
    ...listed('path', route.params),
    ...listed('query', route.query),
    ...listed('header', route.headers),
    ...options,
  ];
}

function content(part: Content, io: 'input' | 'output', components: SchemaComponents): JsonSchema {
  const types = Object.entries(part.content ?? {}).map(([type, { schema, example }]) => [
    type,
    {
      // A plain file has no schema (OpenAPI 3.1.1 section 4.8.14.2).
      ...(schema === null ? {} : { schema: components.of(schema, io) }),
      ...(example === undefined ? {} : { example }),
    },
  ]);
  return { description: part.description, ...(types.length > 0 ? { content: Object.fromEntries(types) } : {}) };
}

function answers(route: Route, components: SchemaComponents): JsonSchema {
  const entries = Object.entries(route.responses).map(([status, part]) => {
    const headers = Object.entries(part.headers ?? {}).map(([name, description]) => [
      name,
      { description, schema: { type: 'string' } },
    ]);
    return [
      status,
      {
        ...content(part, 'output', components),
        ...(headers.length > 0 ? { headers: Object.fromEntries(headers) } : {}),
      },
    ];
  });
  return Object.fromEntries(entries) as JsonSchema;
}

function refusals(route: Route): JsonSchema {
  const codes = new Set<ProblemCode>([
    ...everywhere,
    ...(route.scope === null ? [] : (['unauthenticated', 'forbidden', ...withQueue] as const)),
    ...(route.problems ?? []),
  ]);
  const byStatus: Record<string, ProblemCode[]> = {};
  for (const code of codes) {
    const { status } = problemKinds[code];
    // What is described as an answer of its own (readiness) is no refusal.
    if (!Object.hasOwn(route.responses, status)) byStatus[status] = [...(byStatus[status] ?? []), code];
  }
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, list]) => [
      status,
      {
        description: list.map((code) => `\`${code}\`: ${problemKinds[code].title}.`).join(' '),
        content: { [problemType]: { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}

function sorted(schemas: Record<string, JsonSchema>): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
}
