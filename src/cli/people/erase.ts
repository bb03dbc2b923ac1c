import { findMarks } from '../../../storage/privacy/erasures.ts'
import { actingFor } from '../../auth/session.ts'
import { findAccount } from '../../features/accounts/accounts.ts'
import { findParty } from '../../features/people/parties.ts'
import { reachOf } from '../../features/people/reach.ts'
import { compareProofs, eraseAgain, thereAgain } from '../../features/privacy/again.ts'
import {
  type ErasurePreview,
  eraseParty,
  finishErasures,
  previewErasure,
} from '../../features/privacy/erase.ts'
import { markOf, proofKeys } from '../../features/privacy/proof.ts'
import { type Command, lineOf, positional, text, UsageError, withServices } from '../command.ts'

export const personErase: Command = {
  words: ['person', 'erase'],
  usage: 'NAME ID [--token TOKEN] [--attendees remove]',
  summary:
    'Erase somebody whom an account sees, everywhere and for good. Without --token it tells what would go, and the token.',
  options: {
    token: { type: 'string', help: 'what was told when it was looked at' },
    attendees: { type: 'string', help: 'remove: take the person off events that the account may change' },
  },
  run: async (invocation) => {
    const { settings, print } = invocation
    const name = positional(invocation, 0, 'the NAME of the account')
    const id = Number(positional(invocation, 1, 'the ID of the person'))
    const attendees = text(invocation, 'attendees') ?? 'keep'
    if (attendees !== 'keep' && attendees !== 'remove')
      throw new UsageError('--attendees takes keep or remove.')
    return withServices(settings, async (services) => {
      const session = await services.store.read(async (reader) =>
        actingFor(await findAccount(reader, name), settings),
      )
      const party = await services.store.read(async (reader) =>
        findParty(reader, await reachOf(reader, session), id),
      )
      if (!party) throw new UsageError('The account sees nobody with this ID.')
      const token = text(invocation, 'token')
      const partyId = party.row.id
      if (token === undefined) {
        tell(await services.store.read((reader) => previewErasure(reader, partyId)), print)
        return 0
      }
      const origin = { kind: 'job', authorId: session.principal.id } as const
      const wish = { partyId, token, attendees, reason: 'request', session, origin } as const
      const { proofId, counts, signature } = await eraseParty(services, wish)
      print(lineOf([proofId, signature, counts]))
      return 0
    })
  },
}

export const personErased: Command = {
  words: ['person', 'erased'],
  usage: '[--check] [--apply] [--journal FILE] [UID-OR-MAIL]',
  summary:
    'Tell how many were erased; check the proofs; erase again who is back from a backup; or look one up.',
  options: {
    check: {
      type: 'boolean',
      help: 'compare the proofs with what was signed, and look for those who are there again',
    },
    apply: { type: 'boolean', help: 'erase those again who are there again, after a backup was put back' },
    journal: { type: 'string', help: 'another erasures.jsonl than that of the data folder' },
  },
  run: async (invocation) => {
    const { settings, print, values, positionals } = invocation
    const path = text(invocation, 'journal')
    return withServices(settings, async (services) => {
      const [word] = positionals
      if (word !== undefined) {
        const keys = await services.store.read(proofKeys)
        const hashes = (['uid', 'mail'] as const).map((kind) => markOf(keys, kind, word).hash)
        const found = await services.store.read((reader) => findMarks(reader, hashes))
        for (const { proofId } of found) print(proofId)
        return found.length > 0 ? 0 : 1
      }
      if (values.apply === true) {
        await finishErasures(services)
        print(`${await eraseAgain(services, { path, everybody: true })} erased again`)
      }
      const { unknown, broken, genuine } = await compareProofs(services, path)
      print(`${genuine} proofs, ${broken.length} broken, ${unknown.length} unknown to the database`)
      if (values.check !== true) return 0
      for (const id of broken) print(lineOf(['broken', id]))
      const again = await thereAgain(services)
      for (const id of again) print(lineOf(['there again', String(id)]))
      return broken.length + unknown.length + again.size > 0 ? 1 : 0
    })
  },
}

function tell({ goes, stays, token }: ErasurePreview, print: (line: string) => void): void {
  for (const [table, rows] of Object.entries(goes)) print(lineOf(['goes', table, String(rows)]))
  for (const [what, rows] of Object.entries(stays)) if (rows > 0) print(lineOf(['stays', what, String(rows)]))
  print(lineOf(['token', token]))
}
