import { environmentName, flatSettings, maskedSettings } from '../config.ts'
import type { Command } from './command.ts'

export const config: Command = {
  words: ['config'],
  usage: '',
  summary:
    'Print the settings that the server starts with, each with its name in the environment; secrets are masked.',
  options: {},
  run: async ({ settings, print }) => {
    for (const [key, value] of flatSettings(maskedSettings(settings))) {
      print(`${key} = ${JSON.stringify(value)}\t${environmentName(key)}`)
    }
    return 0
  },
}
