import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createFindRoute } from '../../src/api/find.ts'
import { describeApi, operationIdOf } from '../../src/api/openapi/document.ts'
import { look } from '../../src/api/route.ts'
import { apiRoutes } from '../../src/api/routes.ts'
import { type Account, useServer } from '../dav/server.ts'
import { call } from './json.ts'

const server = useServer({ limits: { apiRequestsPerMinute: 100_000 } })

interface Operation {
  readonly method: string
  readonly path: string
  readonly operationId: string
  readonly parameters: readonly { readonly name: string; readonly in: string }[]
  readonly requestBody?: { readonly content: object }
}

/** The document as it is served. */
async function served(
  account: Account,
): Promise<{ document: Record<string, unknown>; operations: Operation[] }> {
  const { status, json } = await call(account, 'GET', '/openapi.json')
  expect(status).toBe(200)
  const operations = Object.entries(json.paths as Record<string, Record<string, Operation>>).flatMap(
    ([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        ...operation,
        ...{ path, method: method.toUpperCase() },
      })),
  )
  return { document: json, operations }
}

/** The status that an operation answers, without waiting for what it sends. */
async function statusOf(account: Account, { method, path, requestBody }: Operation) {
  const stop = new AbortController()
  const isJson = requestBody && 'application/json' in requestBody.content
  const answer = await fetch(`${server.url}/api${path.replace(/\{\w+\}/g, '0')}`, {
    method,
    signal: stop.signal,
    headers: {
      Authorization: `Basic ${Buffer.from(`${account.name}:${account.password}`).toString('base64')}`,
      ...(requestBody && { 'Content-Type': isJson ? 'application/json' : 'application/octet-stream' }),
    },
    ...(isJson && { body: '{"neverAnything": true}' }),
  })
  const isProblem = answer.headers.get('Content-Type') === 'application/problem+json'
  const detail = isProblem ? String(((await answer.json()) as { detail: unknown }).detail) : ''
  stop.abort()
  return { status: answer.status, detail }
}

describe('GET /api/openapi.json', () => {
  it('is a document as OpenAPI 3.1 has it', async () => {
    const { document } = await served(await server.account())
    const validator = new Validator()
    const outcome = await validator.validate(document)
    expect(outcome.errors ?? []).toEqual([])
    expect([outcome.valid, validator.version]).toEqual([true, '3.1'])
  })

  it('tells of every route and of nothing else, each by an id of its own', async () => {
    const { operations } = await served(await server.account())
    const named = operations.map(({ method, path }) => `${method} ${path}`)
    const routes = apiRoutes.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`)
    expect(named.toSorted()).toEqual(routes.toSorted())
    expect(new Set(routes).size).toBe(routes.length)
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length)
    for (const { operationId } of operations) expect(operationId).toMatch(/^[a-z][A-Za-z0-9]*$/)
  })

  it('names the parts of each path, and only schemas that are there', async () => {
    const { document, operations } = await served(await server.account())
    for (const { path, parameters } of operations) {
      const inPath = parameters.filter((one) => one.in === 'path').map(({ name }) => `{${name}}`)
      expect(path.match(/\{\w+\}/g) ?? []).toEqual(inPath)
    }
    const { schemas } = document.components as { schemas: object }
    const text = JSON.stringify(document)
    for (const [, name = ''] of text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]*)"/g))
      expect(Object.keys(schemas)).toContain(name)
    expect(text).not.toMatch(/"\$ref":"(?!#\/components\/schemas\/)/)
  })

  it('names nothing that the running server does not answer', async () => {
    const account = await server.account()
    const { operations } = await served(account)
    for (const operation of operations) {
      const { status, detail } = await statusOf(account, operation)
      expect(status, operation.operationId).not.toBe(405)
      expect(status, `${operation.operationId}: ${detail}`).toBeLessThan(500)
      expect(detail, operation.operationId).not.toContain('The API has nothing at this address')
    }
  })

  it('takes a part that is spelt out for what it is, not for an id', () => {
    const find = createFindRoute(apiRoutes)
    for (const route of apiRoutes) {
      const path = `/api${route.path.replace(/:\w+/g, '0')}`
      expect(operationIdOf(find(route.method, path).route)).toBe(operationIdOf(route))
    }
  })
})

describe('the description of a schema', () => {
  it('that is made of itself refers to components', async () => {
    const condition = z.object({
      name: z.string(),
      get all() {
        return z.array(condition).optional()
      },
    })
    const route = look(
      { method: 'GET', path: '/conditions', summary: 'Conditions', scope: 'none' },
      { reply: z.object({ first: condition, second: condition }) },
      async () => ({ body: { first: { name: 'a' }, second: { name: 'b' } } }),
    )
    const document = describeApi([route])
    expect((await new Validator().validate({ ...document })).errors ?? []).toEqual([])
    expect(JSON.stringify(document)).not.toMatch(/"\$ref":"(?!#\/components\/schemas\/)|\$defs/)
  })
})
