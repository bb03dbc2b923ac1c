import { type Logger, pino } from 'pino'

/**
 * The log: JSON lines on standard error, so that standard output stays for what scripts read.
 * Headers that carry secrets are removed wherever an object with headers is logged; bodies are never logged.
 */
export function createLog(level: string): Logger {
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
    },
    pino.destination({ dest: 2, sync: false }),
  )
}

export type { Logger }
