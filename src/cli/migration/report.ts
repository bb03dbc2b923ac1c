import { createHash } from 'node:crypto'
import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import type { MigrationEvent } from '../../features/migration/events.ts'
import { lineOf } from '../command.ts'

/** Where a migration is reported to. */
export interface Report {
  /** Everything, as a line of JSON, if there is a file for it. */
  write(event: MigrationEvent): void
  close(): Promise<void>
}

/**
 * @param file  gets a line of JSON for every event, behind what is there
 * @param refusedFolder  gets the octets of what was refused
 */
export function openReport(file: string | undefined, refusedFolder: string | undefined): Report {
  const stream = file === undefined ? undefined : createWriteStream(file, { flags: 'a', mode: 0o600 })
  let failure: unknown
  stream?.on('error', (error) => {
    failure = error
  })
  return {
    write: (event) => {
      if (failure !== undefined) throw failure
      if (event.kind === 'item' && event.body && refusedFolder !== undefined) keep(refusedFolder, event)
      stream?.write(`${JSON.stringify({ ...event, body: undefined })}\n`)
    },
    close: async () => {
      if (!stream) return
      stream.end()
      await finished(stream)
    },
  }
}

/** Under the name it has there, and a hash of its whole address. */
function keep(
  folder: string,
  { href, body }: { readonly href: string; readonly body?: Buffer | undefined },
): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const last = href.split('/').at(-1) ?? ''
  const name = last
    .replace(/[^A-Za-z0-9._~@%-]/g, '_')
    .replace(/^\.+/, '_')
    .slice(-120)
  const hash = createHash('sha256').update(href).digest('hex').slice(0, 8)
  if (body) writeFileSync(join(folder, `${hash}-${name}`), body, { mode: 0o600 })
}

/** The lines that a person reads of an event; none of what went as it should. */
export function reportLines(event: MigrationEvent): string[] {
  switch (event.kind) {
    case 'collection': {
      const { url, displayname, into, left } = event
      if (left !== undefined) return [cells('left', url, displayname ?? '', left)]
      return [cells('collection', url, displayname ?? '', `into ${into ?? '?'}`)]
    }
    case 'item':
      return [cells(event.what, event.href, event.place, event.note)]
    case 'compared':
      if (event.differences.length === 0) return [cells(event.verdict, event.href, event.place)]
      return event.differences.map(({ path, one, other }) =>
        cells(event.verdict, event.href, path, short(one), short(other)),
      )
    case 'held':
      return [
        cells(
          'held',
          event.url,
          event.place,
          `${event.count} are gone there at once: nothing was deleted here.`,
        ),
      ]
    case 'problem':
      return [cells('problem', event.url, '', event.reason)]
    case 'round':
      return []
  }
}

/** Whether an event is more than that things go as they should. */
export function isNoteworthy(event: MigrationEvent): boolean {
  if (event.kind === 'item') {
    const isUsual = ['copied', 'updated', 'unchanged', 'removed'].includes(event.what)
    return !isUsual || (event.what !== 'removed' && event.note !== '')
  }
  if (event.kind === 'compared') return !['identical', 'rewritten'].includes(event.verdict)
  return true
}

const longest = 160

function short(line: string | undefined): string {
  if (line === undefined) return '(none)'
  return line.length > longest ? `${line.slice(0, longest)}…` : line
}

function cells(...texts: readonly string[]): string {
  return lineOf(texts)
}
