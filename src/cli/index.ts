import type { Command } from './command.ts'

/** Commands that begin with the same words: they are loaded when one of them is called, the whole program takes a second. */
interface Group {
  readonly begins: readonly string[]
  /** In the order --help lists them. */
  readonly load: () => Promise<readonly Command[]>
}

/** In the order --help lists them. */
const groups: readonly Group[] = [
  { begins: ['serve'], load: async () => [(await import('./serve.ts')).serve] },
  { begins: ['demo'], load: async () => [(await import('./demo/demo.ts')).demo] },
  {
    begins: ['user'],
    load: async () => {
      const of = await import('./user.ts')
      return [
        ...[of.userAdd, of.userList, of.userPassword, of.userRename, of.userQuota, of.userSet, of.userRemove],
      ]
    },
  },
  {
    begins: ['app-password'],
    load: async () => {
      const of = await import('./devices/app-password.ts')
      return [of.appPasswordAdd, of.appPasswordList, of.appPasswordSet, of.appPasswordRevoke]
    },
  },
  {
    begins: ['token'],
    load: async () => {
      const of = await import('./devices/token.ts')
      return [of.tokenAdd, of.tokenList, of.tokenRemove]
    },
  },
  {
    begins: ['group'],
    load: async () => {
      const of = await import('./directory/group.ts')
      return [
        ...[of.groupAdd, of.groupList, of.groupMembers, of.groupAddMember],
        ...[of.groupRemoveMember, of.groupRemove],
      ]
    },
  },
  {
    begins: ['room', 'resource'],
    load: async () => (await import('./directory/bookable.ts')).bookableCommands,
  },
  {
    begins: ['removed'],
    load: async () => {
      const of = await import('./directory/removed.ts')
      return [of.removedList, of.removedRestore, of.removedPurge]
    },
  },
  { begins: ['role'], load: async () => (await import('./directory/role.ts')).roleCommands },
  {
    begins: ['directory'],
    load: async () => {
      const of = await import('./directory/directory.ts')
      return [of.directoryOn, of.directoryOff]
    },
  },
  {
    begins: ['proxy'],
    load: async () => {
      const of = await import('./directory/proxy.ts')
      return [of.proxyAdd, of.proxyList, of.proxyRemove]
    },
  },
  {
    begins: ['acl'],
    load: async () => {
      const of = await import('./directory/acl.ts')
      return [of.aclList, of.aclGrant, of.aclDeny, of.aclRevoke]
    },
  },
  { begins: ['mask'], load: async () => (await import('./directory/mask.ts')).maskCommands },
  {
    begins: ['share'],
    load: async () => {
      const of = await import('./share.ts')
      return [of.shareAdd, of.shareList, of.shareRemove, of.shareAccept, of.shareDecline]
    },
  },
  {
    begins: ['link'],
    load: async () => {
      const of = await import('./link.ts')
      return [of.linkAdd, of.linkList, of.linkRemove]
    },
  },
  {
    begins: ['import'],
    load: async () => {
      const of = await import('./import.ts')
      return [of.importCommand, of.importList, of.importShow, of.importUndo]
    },
  },
  {
    begins: ['migrate-from'],
    load: async () => {
      const { migrateFromCommand } = await import('./migration/migrate-from.ts')
      const of = await import('./migration/migrations.ts')
      return [migrateFromCommand, of.migrateFromList, of.migrateFromShow, of.migrateFromUndo]
    },
  },
  {
    begins: ['export', 'import-archive'],
    load: async () => {
      const of = await import('./archive.ts')
      return [of.exportCommand, of.importArchive]
    },
  },
  {
    begins: ['birthdays'],
    load: async () => {
      const of = await import('./birthdays.ts')
      return [of.birthdaysOn, of.birthdaysOff, of.birthdaysList]
    },
  },
  {
    begins: ['subscription'],
    load: async () => {
      const of = await import('./subscription.ts')
      return [of.subscriptionAdd, of.subscriptionList, of.subscriptionRefresh, of.subscriptionRemove]
    },
  },
  {
    begins: ['trash'],
    load: async () => {
      const of = await import('./trash.ts')
      return [of.trashList, of.trashRestore, of.trashEmpty]
    },
  },
  {
    begins: ['history'],
    load: async () => {
      const of = await import('./history/history.ts')
      return [of.historyList, of.historyShow, of.historyRestore]
    },
  },
  { begins: ['undo'], load: async () => [(await import('./history/undo.ts')).undoCommand] },
  {
    begins: ['held'],
    load: async () => {
      const of = await import('./devices/held.ts')
      return [of.heldList, of.heldShow, of.heldApply, of.heldDrop]
    },
  },
  { begins: ['webhook'], load: async () => [(await import('./outbox/webhook.ts')).webhookList] },
  {
    begins: ['duplicates'],
    load: async () => {
      const of = await import('./people/duplicates.ts')
      return [of.duplicatesList, of.duplicatesScan]
    },
  },
  {
    begins: ['list'],
    load: async () => {
      const of = await import('./people/lists.ts')
      return [of.listList, of.listCreate, of.listMembersCommand, of.listRemove]
    },
  },
  {
    begins: ['person'],
    load: async () => {
      const of = await import('./people/erase.ts')
      return [(await import('./people/export.ts')).personExport, of.personErase, of.personErased]
    },
  },
  { begins: ['reindex'], load: async () => [(await import('./reindex.ts')).reindex] },
  { begins: ['job'], load: async () => [(await import('./job.ts')).jobList] },
  { begins: ['migrate'], load: async () => [(await import('./migrate.ts')).migrate] },
  { begins: ['config'], load: async () => [(await import('./config.ts')).config] },
]

/** Every command, in the order --help lists them. */
export async function allCommands(): Promise<Command[]> {
  const loaded: Command[] = []
  for (const { load } of groups) loaded.push(...(await load()))
  return loaded
}

/** The command with the most words that the arguments begin with. */
export async function findCommand(args: readonly string[]): Promise<Command | undefined> {
  const [first = ''] = args
  const group = groups.find(({ begins }) => begins.includes(first))
  const commands = (await group?.load()) ?? []
  return commands
    .filter(({ words }) => words.every((word, at) => args[at] === word))
    .sort((a, b) => b.words.length - a.words.length)[0]
}
