import { spawnSync } from 'node:child_process'

/** Whether the system calls of a process can be watched. CI fails where they cannot; elsewhere such tests are skipped. */
export const hasStrace = spawnSync('strace', ['-qq', '-o', '/dev/null', 'true']).status === 0

/** One system call; where it began and ended in the order of the trace. */
export interface SystemCall {
  readonly name: string
  readonly text: string
  readonly began: number
  ended: number
}

const calls = 'fsync,fdatasync,write,writev,sendto,sendmsg,pwrite64,rename,renameat,renameat2'
/** The command that writes a trace to a file. The texts are long enough for a page of the database. */
export const strace = (to: string) => [
  'strace',
  '-f',
  '-qq',
  '-y',
  '-s',
  '5000',
  '-e',
  `trace=${calls}`,
  '-o',
  to,
]

/** Reads a trace of several threads: a call may be shown as unfinished, and resumed later. */
export function readTrace(text: string): SystemCall[] {
  const all: SystemCall[] = []
  const open = new Map<string, SystemCall>()
  for (const [at, line] of text.split('\n').entries()) {
    const [, thread = '', what = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? []
    const resumed = /^<\.\.\. (\w+) resumed>/.exec(what)
    if (resumed) {
      const call = open.get(thread)
      if (call && /= -?\d+/.test(what)) call.ended = at
      continue
    }
    const name = /^(\w+)\(/.exec(what)?.[1]
    if (name === undefined) continue
    const isUnfinished = what.endsWith('<unfinished ...>')
    const call: SystemCall = {
      name,
      text: what,
      began: at,
      ended: isUnfinished ? Number.POSITIVE_INFINITY : at,
    }
    if (isUnfinished) open.set(thread, call)
    all.push(call)
  }
  return all
}
