import { listReservedSegments, type PrincipalRow } from '../../../storage/principals.ts'
import { listNamedNodes } from '../../../storage/restored/fact-rows.ts'
import type { Store } from '../../../storage/store.ts'
import type { Services } from '../../services.ts'
import { fileNamer } from '../transfer/names.ts'
import { type Entries, jsonFile, timeText } from './entries.ts'
import type { Head } from './format.ts'
import { headPath, listPath, withManifest } from './manifest.ts'
import { peopleEntries } from './people/write-people.ts'
import type { Exported, LeftOut, Run } from './write/run.ts'
import { principalEntries } from './write/write-principal.ts'

export { writeFolder } from './write/folder-output.ts'
export type { Exported, LeftOut } from './write/run.ts'
export { zipOctets } from './write/zip-output.ts'

export interface ArchiveOptions {
  /** Older states and the trash too. */
  readonly history?: boolean | undefined
  /** All that there is, with what belongs to nobody. */
  readonly isWhole?: boolean | undefined
  /** Told now and then how much has been written. */
  readonly onProgress?: ((written: number) => void) | undefined
  readonly onOutcome?: ((outcome: Exported | LeftOut) => void) | undefined
}

const installationPath = 'installation.json'

/**
 * All that these principals have, as an archive: a folder for each, and a manifest with the hash of every file. Objects and
 * documents are files as they are stored, everything beside them is JSON. No passwords, no app passwords, no addresses of
 * public links; what somebody lays over a colleague's calendar is in his own folder, not in that of the colleague.
 */
export async function* archiveOf(
  services: Pick<Services, 'store' | 'blobs' | 'now'>,
  principals: readonly PrincipalRow[],
  { history = false, isWhole = false, onProgress = () => {}, onOutcome = () => {} }: ArchiveOptions = {},
): Entries {
  const counts = { accounts: 0, collections: 0, objects: 0, documents: 0 }
  let written = 0
  const run: Run = {
    services,
    now: services.now(),
    history,
    places: {
      ...{ books: new Map(), dead: new Map(), nodes: new Map() },
      namedNodes: await services.store.read((reader) => listNamedNodes(reader, history)),
    },
    count: (what) => {
      counts[what] += 1
      onProgress((written += 1))
    },
    leftOut: (path, reason) => onOutcome({ kind: 'refused', path, reason }),
    written: (path, count) => onOutcome({ kind: 'exported', path, count }),
  }
  const accounts: Head['accounts'] = []
  const entries = contentsOf(run, principals, accounts, isWhole)
  yield* withManifest(entries, () => ({ history, counts, accounts }), run.now)
}

async function* contentsOf(
  run: Run,
  principals: readonly PrincipalRow[],
  accounts: Head['accounts'],
  isWhole: boolean,
): Entries {
  const folderOf = fileNamer()
  for (const path of [headPath, listPath, installationPath, 'people']) folderOf(path)
  for (const principal of principals) {
    const { kind, name, segment } = principal
    const folder = folderOf(segment)
    accounts.push({ kind, name, folder })
    yield* principalEntries(run, principal, folder)
  }
  yield* peopleEntries(run, principals, isWhole)
  if (isWhole) yield jsonFile(installationPath, await describeInstallation(run.services.store), run.now)
}

async function describeInstallation(store: Store) {
  const rows = await store.read((reader) => listReservedSegments(reader))
  return { reservedSegments: rows.map(({ segment, at }) => ({ segment, at: timeText(at) })) }
}
