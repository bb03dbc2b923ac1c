import type Koa from 'koa'
import { refuseStatus } from '../../protocol/dav/preconditions.ts'
import type { ReadBody } from '../http-body.ts'

/** Whatever is nested deeper is refused: what goes through it afterwards may call itself for each level. */
const mostLevels = 64

/**
 * Only JSON that says it is JSON: a page of another origin cannot send that without being asked (no CORS), so that a
 * browser which remembers a password cannot be made to change anything.
 * @param limit  octets @throws refusal 400, 413, 415
 */
export async function readJson(ctx: Koa.Context, read: ReadBody, limit: number): Promise<unknown> {
  if (!/^application\/json\s*(?:;|$)/i.test(ctx.get('Content-Type')))
    throw refuseStatus(415, 'Send JSON, as application/json.')
  const tooLarge = (): Error => refuseStatus(413, `A request may have ${limit} octets at most.`)
  return readJsonText((await read(limit, tooLarge)).toString('utf8'))
}

/**
 * Reads JSON as the API takes it.
 * @throws refusal 400 for what is none, for what is nested too deep, and for NUL, which PostgreSQL keeps in no text
 */
function readJsonText(text: string): unknown {
  const value = parsed(text)
  let level: readonly unknown[] = [value]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > mostLevels) throw refuseStatus(400, `The body is nested in more than ${mostLevels} levels.`)
    level = level.flatMap(inside)
  }
  return value
}

/** Names and values of a path or a query, decoded. @throws refusal 400 for NUL */
export function checkTexts(texts: Readonly<Record<string, string>>): void {
  for (const text of [...Object.keys(texts), ...Object.values(texts)]) checkText(text)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw refuseStatus(400, 'The body is not JSON.')
  }
}

/** What a value holds; its texts are looked at. */
function inside(value: unknown): readonly unknown[] {
  if (typeof value === 'string') checkText(value)
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value
  for (const name of Object.keys(value)) checkText(name)
  return Object.values(value)
}

function checkText(text: string): void {
  if (text.includes('\0')) throw refuseStatus(400, 'No text may have the character NUL.')
}
