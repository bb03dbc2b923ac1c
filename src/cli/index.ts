import { appPasswordAdd, appPasswordList, appPasswordRevoke } from './app-password.ts'
import type { Command } from './command.ts'
import { serve } from './serve.ts'
import { userAdd, userList, userPassword, userRemove } from './user.ts'

/** Every command, in the order --help lists them. */
export const commands: readonly Command[] = [
  serve,
  userAdd,
  userList,
  userPassword,
  userRemove,
  appPasswordAdd,
  appPasswordList,
  appPasswordRevoke,
]
