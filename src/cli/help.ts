import type { Command } from './command.ts'

/** The overview of all commands. */
export function help(commands: readonly Command[]): string {
  const rows = commands.map(
    ({ words, usage, summary }) => `  farley ${[...words, usage].join(' ').trim()}\n      ${summary}`,
  )
  return [
    'Farley keeps contacts, calendars and tasks that phones sync by CardDAV and CalDAV.',
    '',
    ...rows,
    '',
    common,
  ].join('\n')
}

/** The help of one command. */
export function helpOf({ words, usage, summary, options }: Command): string {
  const rows = Object.entries(options).map(([name, option]) => `  --${name.padEnd(18)} ${option.help}`)
  return [`farley ${[...words, usage].join(' ').trim()}`, '', summary, '', ...rows, common].join('\n')
}

const common = [
  '  --data DIR           the data folder (default ./data)',
  '  --config FILE        a settings file (default farley.json in the data folder)',
  '  --help               this text',
  'Settings also come from the environment as FARLEY_…; see "farley config".',
].join('\n')
