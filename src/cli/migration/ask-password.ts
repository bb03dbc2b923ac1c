import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { readStandardInput, UsageError } from '../command.ts'

/**
 * A password that is not shown, not stored and not in the list of processes: from standard input, or asked for at a
 * terminal.
 * @throws UsageError where there is neither
 */
export async function askPassword(isPiped: boolean, question: string): Promise<string> {
  const password = isPiped ? await readStandardInput() : await askAtTerminal(question)
  if (password === '') throw new UsageError('The password is empty.')
  return password
}

async function askAtTerminal(question: string): Promise<string> {
  if (!process.stdin.isTTY)
    throw new UsageError('Give the password on standard input, with --password-stdin.')
  process.stderr.write(question)
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const reader = createInterface({ input: process.stdin, output: silent, terminal: true })
  try {
    return await new Promise((resolve, reject) => {
      reader.once('line', resolve)
      reader.once('SIGINT', () => reject(new UsageError('No password was given.')))
      reader.once('close', () => reject(new UsageError('No password was given.')))
    })
  } finally {
    reader.close()
    process.stderr.write('\n')
  }
}
