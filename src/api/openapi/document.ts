import { STATUS_CODES } from 'node:http'
import { z } from 'zod'
import { type Route, requestHeader } from '../route.ts'
import { problem } from '../schema.ts'
import { scopeOf } from '../scopes.ts'
import { createSchemaWriter, type WriteSchema } from './schemas.ts'

/** What a program can know of the API beforehand. @see OpenAPI 3.1.1 */
export interface OpenApi {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly [member: string]: unknown
}

export interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly tags: readonly string[]
  readonly parameters: readonly unknown[]
  readonly [member: string]: unknown
}

/** The document of these routes, made of their schemas. */
export function describeApi(routes: readonly Route[]): OpenApi {
  const schemas = createSchemaWriter()
  schemas.write('Problem', problem, 'output', { isNamed: true })
  const paths: Record<string, Record<string, Operation>> = {}
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}')
    const operations = paths[path] ?? {}
    operations[route.method.toLowerCase()] = operationOf(route, schemas.write)
    paths[path] = operations
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Farley',
      version: '1',
      description:
        'People and companies, calendars and files: the same data that phones sync by CardDAV and CalDAV.',
    },
    servers: [{ url: '/api' }],
    security: [{ token: [] }, { password: [] }, { session: [] }],
    paths,
    components: {
      schemas: schemas.components,
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          description: 'A token, made by farley token add or POST /tokens.',
        },
        password: { type: 'http', scheme: 'basic', description: 'A user name and an app password.' },
        session: {
          ...{ type: 'apiKey', in: 'cookie', name: '__Host-farley' },
          description:
            'A browser that is signed in (POST /session with name and password); changes carry X-CSRF-Token.',
        },
      },
    },
  }
}

/** `GET /held/:id/apply` is `getHeldByIdApply`. */
export function operationIdOf({ method, path }: Pick<Route, 'method' | 'path'>): string {
  const words = path.split(/[/.-]/).filter((part) => part !== '')
  const named = words.map((word) => (word.startsWith(':') ? `By${capital(word.slice(1))}` : capital(word)))
  return method.toLowerCase() + named.join('')
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

function operationOf(route: Route, write: WriteSchema): Operation {
  const operationId = operationIdOf(route)
  const scope = scopeOf(route)
  return {
    operationId,
    summary: route.summary,
    tags: [/^\/([^/]*)/.exec(route.path)?.[1] ?? ''],
    parameters: [...pathParameters(route), ...queryParameters(route, write), ...headerParameters(route)],
    ...bodyOf(route, operationId, write),
    responses: { ...successes(route, operationId, write), default: refusal },
    ...(scope !== '' && { 'x-scope': scope }),
    'x-affects': route.affects,
  }
}

function pathParameters({ path }: Route): unknown[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
    ...{ name, in: 'path', required: true },
    schema: { type: 'string' },
  }))
}

function queryParameters({ query }: Route, write: WriteSchema): unknown[] {
  if (!query) return []
  const { properties = {}, required = [] } = write('Query', query, 'input')
  return Object.entries(properties).map(([name, schema]) => ({
    ...{ name, in: 'query', required: required.includes(name) },
    schema,
  }))
}

const ofChanges = [
  { name: 'If-Match', text: 'The ETag that was read; with another one there now nothing is changed (412).' },
  { name: 'Idempotency-Key', text: 'The same request with the same key within a day gets the same answer.' },
]

function headerParameters({ kind, method }: Route): unknown[] {
  if (kind === 'look') return []
  // What takes long and is begun anew has no condition.
  const headers =
    kind === 'work' && method === 'POST' ? ofChanges.filter(({ name }) => name !== 'If-Match') : ofChanges
  return headers.map(({ name, text: description }) => ({
    ...{ name, in: 'header', required: false, description },
    schema: { type: 'string' },
  }))
}

function bodyOf({ body, takesOctets }: Route, operationId: string, write: WriteSchema): object {
  if (takesOctets) return { requestBody: { required: true, content: { 'application/octet-stream': {} } } }
  if (!body) return {}
  const schema = write(`${operationId}Body`, body, 'input')
  return { requestBody: { required: true, content: { 'application/json': { schema } } } }
}

function successes(route: Route, operationId: string, write: WriteSchema): Record<string, unknown> {
  const { statuses, reply, gives } = route
  const json = reply && { 'application/json': { schema: write(`${operationId}Reply`, reply, 'output') } }
  const octets = Object.fromEntries(gives.map((type) => [type.replace(/;.*$/, ''), {}]))
  const content = { ...json, ...octets }
  return Object.fromEntries(
    statuses.map((status) => [
      String(status),
      {
        description: STATUS_CODES[status] ?? 'Done',
        ...(route.affects !== 'nothing' && { headers: ofAnswers }),
        ...(Object.keys(content).length > 0 && status !== 204 ? { content } : {}),
      },
    ]),
  )
}

const ofAnswers = {
  [requestHeader]: {
    description: 'Names the request: POST /history/undo undoes what it did to cards, events and facts.',
    schema: { type: 'string' },
  },
}

const refusal = {
  description: 'A problem (RFC 9457)',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
}

/** As far as it can be said without saying all of it. */
export const openApiReply = z.looseObject({ openapi: z.string(), paths: z.record(z.string(), z.unknown()) })
