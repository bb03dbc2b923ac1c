import { needles } from '../cards.ts'
import { WrongAnswerError } from '../item.ts'
import { type DavResponse, pathOf, readMultistatus } from '../multistatus.ts'
import { checkedOnce, expectSameNames, expectStatus, type Operation } from '../operation.ts'
import { eventsInRange, type InstancesInRange, months } from '../ranges.ts'
import { calendarQuery, dataProperty, textQuery } from '../requests.ts'
import type { World } from '../world.ts'
import { expectBody } from './bodies.ts'

/** Queries for a month out of three years, and for contacts by text. */
export function queryOperations(world: World): Operation[] {
  const months = (['etags', 'data', 'expand'] as const).map((want) => monthQuery(world, want))
  return [...months, contactQuery(world, 'FN'), contactQuery(world, 'EMAIL')]
}

function monthQuery({ client, events }: World, want: 'etags' | 'data' | 'expand'): Operation {
  const own = pathOf(events.path)
  const check = checkedOnce((answer, key) => {
    expectStatus(answer, 207)
    const range = months[key]
    const right =
      range === undefined ? new Map<string, InstancesInRange>() : eventsInRange(events.items, range)
    const responses = new Map(
      readMultistatus(answer.body).responses.map((found) => [found.path.slice(own.length), found]),
    )
    const sure = [...right].filter(([, instances]) => instances.sure.size > 0).map(([name]) => name)
    expectSameNames(new Set(responses.keys()), new Set(sure), new Set(right.keys()))
    for (const [name, response] of responses) {
      if (response.properties.get('{DAV:}getetag')?.text !== events.etags.get(name)) {
        throw new WrongAnswerError(`another ETag of ${name}`)
      }
      const body = response.properties.get(dataProperty.events)?.text
      if (want === 'data') expectBody(events, name, body)
      if (want === 'expand') expectInstances(name, body ?? '', right.get(name))
    }
  })
  return {
    name: `month-${want}`,
    title: `calendar-query of a month, ${want}`,
    width: 1,
    once: async (index) => {
      const key = index % months.length
      const range = months[key] ?? { from: 0, until: 0 }
      const answer = await client.send(calendarQuery(events.path, range, want))
      check(answer, key)
      return answer.latencyMs
    },
  }
}

/** RFC 4791 §9.6.5: each instance of the range once, in UTC, without a rule. */
function expectInstances(name: string, body: string, right: InstancesInRange | undefined): void {
  const text = body.replace(/\r?\n[ \t]/g, '')
  const starts = [...text.matchAll(/^DTSTART[^:\r\n]*:(\S+)/gm)].map((match) => match[1] ?? '')
  if (/^RRULE/m.test(text)) throw new WrongAnswerError(`${name} is not expanded`)
  try {
    expectSameNames(new Set(starts), right?.sure ?? new Set(), right?.possible)
  } catch (error) {
    throw new WrongAnswerError(`instances of ${name}: ${error instanceof Error ? error.message : ''}`)
  }
}

function contactQuery({ client, cards }: World, property: 'FN' | 'EMAIL'): Operation {
  const needle = property === 'FN' ? needles.fn : needles.email
  const right = new Set<string>()
  for (const { name, fn, emails } of cards.items) {
    const values = property === 'FN' ? [fn] : emails
    if (values.some((value) => value.toLowerCase().includes(needle.toLowerCase()))) right.add(name)
  }
  const nameOf = ({ path }: DavResponse): string => path.slice(pathOf(cards.path).length)
  const check = checkedOnce((answer) => {
    expectStatus(answer, 207)
    const { responses } = readMultistatus(answer.body)
    expectSameNames(new Set(responses.map(nameOf)), right)
    for (const response of responses) {
      if (response.properties.get('{DAV:}getetag')?.text !== cards.etags.get(nameOf(response))) {
        throw new WrongAnswerError(`another ETag of ${nameOf(response)}`)
      }
    }
  })
  return {
    name: `text-${property.toLowerCase()}`,
    title: `addressbook-query, ${property} contains`,
    width: 1,
    once: async () => {
      const answer = await client.send(textQuery(cards.path, property, needle))
      check(answer, 0)
      return answer.latencyMs
    },
  }
}
