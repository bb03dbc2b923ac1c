import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { readStandardInput, UsageError } from '../command.ts'

/**
 * A password that is not shown, not stored and not in the list of processes: from standard input, or asked for at a
 * terminal.
 * @param again  asks for it once more at a terminal, where nobody sees what he types
 * @throws UsageError where there is neither, and where the two differ
 */
export async function askPassword(isPiped: boolean, question: string, again?: string): Promise<string> {
  const questions = again === undefined ? [question] : [question, again]
  const [password = '', ...others] = isPiped ? [await readStandardInput()] : await askAtTerminal(questions)
  if (password === '') throw new UsageError('The password is empty.')
  if (others.some((other) => other !== password))
    throw new UsageError('The two are not the same: nothing was changed.')
  return password
}

/** From before the first question until after the last answer the terminal shows nothing of what is typed, however early. */
async function askAtTerminal(questions: readonly string[]): Promise<string[]> {
  if (!process.stdin.isTTY)
    throw new UsageError('Give the password on standard input, with --password-stdin.')
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const reader = createInterface({ input: process.stdin, output: silent, terminal: true })
  reader.once('SIGINT', () => reader.close())
  const lines = reader[Symbol.asyncIterator]()
  const answers: string[] = []
  try {
    for (const question of questions) {
      process.stderr.write(question)
      const { value, done } = await lines.next()
      process.stderr.write('\n')
      if (done === true) throw new UsageError('No password was given.')
      answers.push(value)
      if (value === '') break
    }
    return answers
  } finally {
    reader.close()
  }
}
