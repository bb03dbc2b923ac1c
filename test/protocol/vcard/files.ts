import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { decodeText, TextEncodingError } from '../../../protocol/text/decode.ts'

export interface CardFile {
  readonly name: string
  /** Latin-1 where the octets are not Unicode. */
  readonly text: string
}

const fixtures = fileURLToPath(new URL('fixtures', import.meta.url))

/** A fixture by its name, decoded. */
export function fixture(name: string): string {
  return decodeText(readFileSync(join(fixtures, name))).text
}

/** The fixtures, and every .vcf of the folder that FARLEY_TEST_CORPUS names. */
export function cardFiles(): CardFile[] {
  const folders = [fixtures, ...(process.env.FARLEY_TEST_CORPUS ? [process.env.FARLEY_TEST_CORPUS] : [])]
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.toLowerCase().endsWith('.vcf'))
      .sort()
      .map((name) => ({ name, text: read(join(folder, name)) })),
  )
}

function read(path: string): string {
  const bytes = readFileSync(path)
  try {
    return decodeText(bytes).text
  } catch (error) {
    if (error instanceof TextEncodingError) return bytes.toString('latin1')
    throw error
  }
}
