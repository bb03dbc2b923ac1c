import type Koa from 'koa'
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'

/** What Prometheus is told. Names of people and collections are never labels. */
export interface Metrics {
  observe(method: string, status: number, ms: number): void
  serve(ctx: Koa.Context): Promise<void>
}

export function createMetrics(): Metrics {
  const registers = [new Registry()]
  const [registry] = registers as [Registry]
  collectDefaultMetrics({ register: registry })
  const labelNames = ['method', 'status'] as const
  const requests = new Counter({
    name: 'farley_requests_total',
    help: 'Requests answered.',
    labelNames,
    registers,
  })
  const seconds = new Histogram({
    name: 'farley_request_seconds',
    help: 'Time until the answer was ready.',
    labelNames: ['method'],
    buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10],
    registers,
  })
  return {
    observe(method, status, ms) {
      const known = methods.has(method) ? method : 'other'
      requests.inc({ method: known, status })
      seconds.observe({ method: known }, ms / 1000)
    },
    async serve(ctx) {
      ctx.status = 200
      ctx.set('Content-Type', registry.contentType)
      ctx.body = Buffer.from(await registry.metrics())
    },
  }
}

/** A client may send any word as its method: only these become labels. */
const methods: ReadonlySet<string> = new Set(
  'GET HEAD PUT DELETE OPTIONS PROPFIND PROPPATCH REPORT MKCOL MKCALENDAR COPY MOVE POST'.split(' '),
)
