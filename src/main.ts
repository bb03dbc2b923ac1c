#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { Refusal } from '../protocol/dav/preconditions.ts'
import {
  NewerDatabaseError,
  OlderDatabaseError,
  StorageBusyError,
  StorageFullError,
} from '../storage/store.ts'
import { UsageError } from './cli/command.ts'
import { help, helpOf } from './cli/help.ts'
import { allCommands, findCommand } from './cli/index.ts'
import { loadSettings, SettingsError } from './config.ts'
import { AccountError } from './features/accounts/accounts.ts'
import { TransferError } from './features/transfer/transfer-error.ts'

/** Errors whose message is meant for the person at the terminal. */
const explained = [
  UsageError,
  SettingsError,
  AccountError,
  Refusal,
  TransferError,
  NewerDatabaseError,
  OlderDatabaseError,
  StorageBusyError,
  StorageFullError,
]

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  try {
    return await run(args)
  } catch (error) {
    const isExplained =
      explained.some((kind) => error instanceof kind) || isParseError(error) || isSystemError(error)
    console.error(isExplained ? `farley: ${(error as Error).message}` : error)
    return error instanceof UsageError || isParseError(error) ? 2 : 1
  }
}

async function run(given: readonly string[]): Promise<number> {
  const { args, before } = optionsBefore(given)
  const command = await findCommand(args)
  if (!command) {
    const isHelp = args.length === 0 || args.includes('--help') || args.includes('-h') || args[0] === 'help'
    if (!isHelp)
      throw new UsageError(`There is no command "${args.slice(0, 2).join(' ')}"; see farley --help.`)
    console.log(help(await allCommands()))
    return 0
  }
  const { values, positionals } = parseArgs({
    args: [...before, ...args.slice(command.words.length)],
    options: {
      ...command.options,
      data: { type: 'string' },
      config: { type: 'string' },
      help: { type: 'boolean' },
    },
    allowPositionals: true,
  })
  if (values.help) {
    console.log(helpOf(command))
    return 0
  }
  const overrides = { data: values.data, host: optional(values, 'host'), port: optional(values, 'port') }
  const settings = loadSettings({ environment: process.env, file: values.config, overrides })
  const code = await command.run({ settings, positionals, values, print: (line) => console.log(line) })
  return code ?? 0
}

/** Options that every command has may stand before it, as people expect of other programs. */
function optionsBefore(given: readonly string[]): { readonly before: string[]; readonly args: string[] } {
  let at = 0
  while (/^--(?:data|config)(?:=|$)/.test(given[at] ?? '')) at += given[at]?.includes('=') ? 1 : 2
  return { before: given.slice(0, at), args: given.slice(at) }
}

function optional(values: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = values[name]
  return typeof value === 'string' ? value : undefined
}

function isParseError(error: unknown): boolean {
  return String((error as NodeJS.ErrnoException).code ?? '').startsWith('ERR_PARSE_ARGS')
}

/** A port in use, a folder that cannot be written: the system's own words say it. */
function isSystemError(error: unknown): boolean {
  return typeof (error as NodeJS.ErrnoException).syscall === 'string'
}
