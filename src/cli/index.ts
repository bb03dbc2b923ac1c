import { exportCommand, importArchive } from './archive.ts'
import { birthdaysList, birthdaysOff, birthdaysOn } from './birthdays.ts'
import type { Command } from './command.ts'
import { config } from './config.ts'
import { appPasswordAdd, appPasswordList, appPasswordRevoke, appPasswordSet } from './devices/app-password.ts'
import { heldApply, heldDrop, heldList, heldShow } from './devices/held.ts'
import { tokenAdd, tokenList, tokenRemove } from './devices/token.ts'
import { aclDeny, aclGrant, aclList, aclRevoke } from './directory/acl.ts'
import { bookableCommands } from './directory/bookable.ts'
import { directoryOff, directoryOn } from './directory/directory.ts'
import {
  groupAdd,
  groupAddMember,
  groupList,
  groupMembers,
  groupRemove,
  groupRemoveMember,
} from './directory/group.ts'
import { maskCommands } from './directory/mask.ts'
import { proxyAdd, proxyList, proxyRemove } from './directory/proxy.ts'
import { roleCommands } from './directory/role.ts'
import { historyList, historyRestore, historyShow } from './history/history.ts'
import { undoCommand } from './history/undo.ts'
import { importCommand, importList, importShow, importUndo } from './import.ts'
import { jobList } from './job.ts'
import { linkAdd, linkList, linkRemove } from './link.ts'
import { migrate } from './migrate.ts'
import { migrateFromCommand } from './migration/migrate-from.ts'
import { migrateFromList, migrateFromShow, migrateFromUndo } from './migration/migrations.ts'
import { webhookList } from './outbox/webhook.ts'
import { duplicatesList, duplicatesScan } from './people/duplicates.ts'
import { reindex } from './reindex.ts'
import { serve } from './serve.ts'
import { shareAccept, shareAdd, shareDecline, shareList, shareRemove } from './share.ts'
import { subscriptionAdd, subscriptionList, subscriptionRefresh, subscriptionRemove } from './subscription.ts'
import { trashEmpty, trashList, trashRestore } from './trash.ts'
import { userAdd, userList, userPassword, userQuota, userRemove, userRename, userSet } from './user.ts'

/** Every command, in the order --help lists them. */
export const commands: readonly Command[] = [
  serve,
  userAdd,
  userList,
  userPassword,
  userRename,
  userQuota,
  userSet,
  userRemove,
  appPasswordAdd,
  appPasswordList,
  appPasswordSet,
  appPasswordRevoke,
  tokenAdd,
  tokenList,
  tokenRemove,
  groupAdd,
  groupList,
  groupMembers,
  groupAddMember,
  groupRemoveMember,
  groupRemove,
  ...bookableCommands,
  ...roleCommands,
  directoryOn,
  directoryOff,
  proxyAdd,
  proxyList,
  proxyRemove,
  aclList,
  aclGrant,
  aclDeny,
  aclRevoke,
  ...maskCommands,
  shareAdd,
  shareList,
  shareRemove,
  shareAccept,
  shareDecline,
  linkAdd,
  linkList,
  linkRemove,
  importCommand,
  importList,
  importShow,
  importUndo,
  migrateFromCommand,
  migrateFromList,
  migrateFromShow,
  migrateFromUndo,
  exportCommand,
  importArchive,
  birthdaysOn,
  birthdaysOff,
  birthdaysList,
  subscriptionAdd,
  subscriptionList,
  subscriptionRefresh,
  subscriptionRemove,
  trashList,
  trashRestore,
  trashEmpty,
  historyList,
  historyShow,
  historyRestore,
  undoCommand,
  heldList,
  heldShow,
  heldApply,
  heldDrop,
  webhookList,
  duplicatesList,
  duplicatesScan,
  reindex,
  jobList,
  migrate,
  config,
]
