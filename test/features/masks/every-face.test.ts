import { describe, expect, it } from 'vitest'
import { useServer } from '../../dav/server.ts'
import { cardFaces, findsValue } from '../../dav/virtual/masked.ts'
import { runsOf } from '../../store.ts'
import { apiFaces } from './api-faces.ts'
import { makeWorld, secrets, type World } from './world.ts'
import { unzipped } from './zip.ts'

const server = useServer()

type Answers = Readonly<Record<string, string>>

/** The lists that he saves to ask for what is hidden come along in his archive: the words are his own. */
const saidByHimself = new Set(['people/smart_lists.jsonl', 'people/thing_revisions.jsonl'])

/** All that the viewer is told by the API, by address: what grows, or what does not. */
async function apiAnswers(world: World, grows: boolean): Promise<Answers> {
  const answers: Record<string, string> = {}
  for (const [route, face] of Object.entries(apiFaces)) {
    if ((face.grows ?? false) !== grows) continue
    for (const path of await face.paths(world)) {
      const { status, headers, body, text } = await world.viewer.request('GET', `/api${path}`)
      const { date: _, 'x-request-id': __, ...kept } = headers
      const isZip = /zip/.test(String(headers['content-type']))
      answers[`${route} ${path}`] =
        `${status} ${JSON.stringify(kept)} ${isZip ? unzipped(body, saidByHimself) : text}`
    }
  }
  return answers
}

/** The same of what he syncs. */
async function davAnswers({ viewer, book, secret }: World): Promise<Answers> {
  const answers: Record<string, string> = {}
  for (const [face, text] of await cardFaces(viewer, book))
    if (face !== 'archive') answers[face] = text.replace(/"(?:date|x-request-id)":"[^"]*",?/g, '')
  const property = /^(?:item\d+\.)?([A-Z-]+)/.exec(secret.lines('x')[0] ?? '')?.[1] ?? ''
  for (const value of [...secret.values, ''])
    answers[`text-match ${value}`] = String(await findsValue(viewer, book, property, value))
  return answers
}

/**
 * Where two states can be told apart. That something has changed is told, as by the history: the versions of people count
 * it; and so is how much the owner keeps.
 */
function differences(one: Answers, other: Answers): string[] {
  const plain = (text = '') =>
    text.replace(
      /(?<=quota-(?:used|available)-bytes>)\d+|"version":\d+|"changedAt":"[^"]+"|"etag":"\\"[^"]+"|"content-length":"\d+"/g,
      '',
    )
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].flatMap((face) => {
    const [before, after] = [plain(one[face]), plain(other[face])]
    const at = [...before].findIndex((letter, place) => letter !== after[place])
    const from = Math.max(0, at - 40)
    return before === after ? [] : [`${face}: ${before.slice(from, at + 80)} / ${after.slice(from, at + 80)}`]
  })
}

describe('masks hold on every face', () => {
  it.each(Object.keys(secrets).slice(0, runsOf(Object.keys(secrets).length)))(
    '%s: what is hidden is said nowhere, and nothing depends on it',
    async (name) => {
      const secret = secrets[name]
      if (!secret) throw new Error(name)
      const world = await makeWorld(server, secret)
      const seen = async () => ({ ...(await davAnswers(world)), ...(await apiAnswers(world, false)) })
      // What is made when it is first asked for is there from then on.
      await seen()
      const before = await seen()
      const [known, canary] = secret.values
      for (const value of [known, canary]) {
        await world.write(value)
        expect(differences(before, await seen()), value).toEqual([])
      }
      const leaking = Object.entries(await apiAnswers(world, true)).filter(([, text]) =>
        text.includes(canary),
      )
      expect(
        leaking.map(([face, text]) => `${face}: ${text.slice(text.indexOf(canary) - 40).slice(0, 120)}`),
      ).toEqual([])
    },
  )
})
