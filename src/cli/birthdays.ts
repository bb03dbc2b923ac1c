import { type Birthdays, birthdaysOf } from '../../storage/generated/birthdays.ts'
import { countObjects } from '../../storage/objects.ts'
import type { PrincipalRow } from '../../storage/principals.ts'
import type { Reader, Writer } from '../../storage/store.ts'
import { findAccount } from '../features/accounts/accounts.ts'
import { bookOf } from '../features/accounts/own-collection.ts'
import { birthdaysJob, findBirthdays, switchOff, switchOn } from '../features/birthdays/birthdays.ts'
import type { Sharing } from '../features/sharing/sharing.ts'
import { runNextJob } from '../jobs/run-job.ts'
import { jobs } from '../jobs/runner.ts'
import type { Services } from '../services.ts'
import {
  type Command,
  type Invocation,
  lineOf,
  positional,
  text,
  UsageError,
  withServices,
} from './command.ts'

const book = { type: 'string', help: 'the address book (default: the one new contacts go into)' } as const

export const birthdaysOn: Command = {
  words: ['birthdays', 'on'],
  usage: 'NAME [--book B] [--name D] [--alarms A] [--other-dates yes|no]',
  summary:
    'Make a calendar of the birthdays and anniversaries in an address book, or change the one there is.',
  options: {
    book,
    name: { type: 'string', help: 'name of the calendar, shown to people' },
    alarms: { type: 'string', help: '09:00 is on the day, 1d 18:00 the day before; several with commas' },
    'other-dates': { type: 'string', help: 'events for dates with other labels too: yes or no (default)' },
  },
  run: async (invocation) => {
    const otherDates = yesOrNo(invocation, 'other-dates')
    const options = { displayname: text(invocation, 'name'), alarms: text(invocation, 'alarms'), otherDates }
    await change(invocation, async (services, act) => {
      const made = await act(async (tx, account, making) =>
        switchOn(tx, await bookOf(tx, account, text(invocation, 'book')), options, making),
      )
      // Of very many cards some are left to the job, which nobody wants to wait for.
      await runNextJob(services, jobs, new AbortController().signal, birthdaysJob)
      const events = await services.store.read((reader) => countObjects(reader, made.calendar.id))
      invocation.print(`The birthdays of ${made.book.name} are in ${made.calendar.name}: ${events} events.`)
    })
    return 0
  },
}

export const birthdaysOff: Command = {
  words: ['birthdays', 'off'],
  usage: 'NAME [--book B]',
  summary: 'Take the calendar of the birthdays in an address book away.',
  options: { book },
  run: async (invocation) => {
    await change(invocation, async (_, act) => {
      const gone = await act(async (tx, account, making) => {
        const wanted = await bookOf(tx, account, text(invocation, 'book'))
        const found = await findBirthdays(tx, wanted)
        await switchOff(tx, found, making)
        return found
      })
      invocation.print(`The birthdays of ${gone.book.name} have no calendar any more.`)
    })
    return 0
  },
}

export const birthdaysList: Command = {
  words: ['birthdays', 'list'],
  usage: 'NAME',
  summary: 'List the calendars of birthdays of an account: book, calendar, events, alarms.',
  options: {},
  run: async (invocation) => {
    const { settings, print } = invocation
    const name = positional(invocation, 0, 'the NAME of the account')
    const rows = await withServices(settings, ({ store }) => store.read((reader) => rowsOf(reader, name)))
    for (const row of rows) print(lineOf(row))
    return 0
  },
}

async function rowsOf(reader: Reader, name: string): Promise<string[][]> {
  const { id } = await findAccount(reader, name)
  const cells = async (one: Birthdays): Promise<string[]> => {
    const events = await countObjects(reader, one.calendar.id)
    return [one.book.name, one.calendar.name, String(events), one.alarms]
  }
  const rows: string[][] = []
  for (const one of await birthdaysOf(reader, id)) rows.push(await cells(one))
  return rows
}

type Act = <T>(write: (tx: Writer, account: PrincipalRow, making: Sharing) => Promise<T>) => Promise<T>

/** Gives what writes for the account that is named. */
async function change(
  invocation: Invocation,
  use: (services: Services, act: Act) => Promise<void>,
): Promise<void> {
  const { settings } = invocation
  const name = positional(invocation, 0, 'the NAME of the account')
  await withServices(settings, (services) =>
    use(services, (write) =>
      services.store.write(async (tx) => {
        const account = await findAccount(tx, name)
        const origin = { kind: 'web', authorId: account.id } as const
        return write(tx, account, { origin, settings, newId: services.newId })
      }),
    ),
  )
}

function yesOrNo(invocation: Invocation, option: string): boolean | undefined {
  const given = text(invocation, option)
  if (given === undefined || given === 'yes' || given === 'no') return given && given === 'yes'
  throw new UsageError(`Give --${option} as yes or no.`)
}
