import { readFileSync } from 'node:fs'

/** The version of what runs: package.json lies above the sources and above what is built alike. */
export const version: string = read()

function read(): string {
  for (const place of ['../package.json', '../../package.json']) {
    try {
      const { name, version: found } = JSON.parse(readFileSync(new URL(place, import.meta.url), 'utf8'))
      if (name === 'farley' && typeof found === 'string') return found
    } catch {
      // It lies one folder higher.
    }
  }
  return 'unknown'
}
