import { appPasswordAdd, appPasswordList, appPasswordRevoke } from './app-password.ts'
import type { Command } from './command.ts'
import { config } from './config.ts'
import { jobList } from './job.ts'
import { linkAdd, linkList, linkRemove } from './link.ts'
import { migrate } from './migrate.ts'
import { reindex } from './reindex.ts'
import { serve } from './serve.ts'
import { shareAccept, shareAdd, shareDecline, shareList, shareRemove } from './share.ts'
import { subscriptionAdd, subscriptionList, subscriptionRefresh, subscriptionRemove } from './subscription.ts'
import { exportCommand, importCommand } from './transfer.ts'
import { trashEmpty, trashList, trashRestore } from './trash.ts'
import { userAdd, userList, userPassword, userQuota, userRemove } from './user.ts'

/** Every command, in the order --help lists them. */
export const commands: readonly Command[] = [
  serve,
  userAdd,
  userList,
  userPassword,
  userQuota,
  userRemove,
  appPasswordAdd,
  appPasswordList,
  appPasswordRevoke,
  shareAdd,
  shareList,
  shareRemove,
  shareAccept,
  shareDecline,
  linkAdd,
  linkList,
  linkRemove,
  importCommand,
  exportCommand,
  subscriptionAdd,
  subscriptionList,
  subscriptionRefresh,
  subscriptionRemove,
  trashList,
  trashRestore,
  trashEmpty,
  reindex,
  jobList,
  migrate,
  config,
]
