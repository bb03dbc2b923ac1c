import { type DestinationStream, type Logger, pino } from 'pino'

/**
 * The log: JSON lines on standard error, so that standard output stays for what scripts read.
 * Headers that carry secrets are removed wherever an object with headers is logged; bodies are never logged.
 * @param destination  where it goes instead
 */
export function createLog(level: string, destination?: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: [
          '*.authorization',
          '*.cookie',
          '*["set-cookie"]',
          '*.password',
          '*.secret',
          'password',
          'secret',
        ],
        censor: '***',
      },
      serializers: { err: describeFault },
    },
    destination ?? pino.destination({ dest: 2, sync: false }),
  )
}

/** What went wrong, and not what it was about: a database's error carries the statement's values, such as a card. */
function describeFault(fault: unknown): object {
  if (!(fault instanceof Error)) return { message: String(fault) }
  const { name, message, stack, cause } = fault
  const code = 'code' in fault ? { code: fault.code } : {}
  return {
    type: name,
    message,
    ...code,
    stack,
    ...(cause === undefined ? {} : { cause: describeFault(cause) }),
  }
}

export type { Logger }
