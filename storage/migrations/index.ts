import type { MigrationInterface } from 'typeorm'
import { Initial0000000000001 } from './0001-initial.ts'
import { Rights0000000000002 } from './0002-rights.ts'
import { Quota0000000000003 } from './0003-quota.ts'
import { Locks0000000000004 } from './0004-locks.ts'
import { Documents0000000000005 } from './0005-documents.ts'
import { Subscriptions0000000000006 } from './0006-subscriptions.ts'
import { Sharing0000000000007 } from './0007-sharing.ts'
import { Notifications0000000000008 } from './0008-notifications.ts'
import { NodeTombstones0000000000009 } from './0009-node-tombstones.ts'
import { Devices0000000000010 } from './0010-devices.ts'
import { Lists0000000000011 } from './0011-lists.ts'
import { Media0000000000012 } from './0012-media.ts'
import { HeldEdits0000000000013 } from './0013-held-edits.ts'
import { Generated0000000000014 } from './0014-generated.ts'
import { ImportBatches0000000000015 } from './0015-import-batches.ts'
import { MigrationSources0000000000016 } from './0016-migration-sources.ts'
import { DirectoryBooks0000000000017 } from './0017-directory-books.ts'
import { People0000000000018 } from './0018-people.ts'
import { Api0000000000019 } from './0019-api.ts'
import { Events0000000000020 } from './0020-events.ts'
import { Search0000000000021 } from './0021-search.ts'
import { History0000000000022 } from './0022-history.ts'
import { VirtualBooks0000000000023 } from './0023-virtual-books.ts'
import { Match0000000000024 } from './0024-match.ts'
import { Facts0000000000025 } from './0025-facts.ts'
import { Timeline0000000000026 } from './0026-timeline.ts'
import { CustomFields0000000000027 } from './0027-custom-fields.ts'
import { SmartLists0000000000028 } from './0028-smart-lists.ts'
import { TeamRoles0000000000029 } from './0029-team-roles.ts'
import { Privacy0000000000030 } from './0030-privacy.ts'
import { Cadences0000000000031 } from './0031-cadences.ts'
import { Organisations0000000000032 } from './0032-organisations.ts'
import { Grants0000000000033 } from './0033-grants.ts'
import { SortedFields0000000000034 } from './0034-sorted-fields.ts'
import { WebSessions0000000000035 } from './0035-web-sessions.ts'
import { Authors0000000000036 } from './0036-authors.ts'
import { Retention0000000000037 } from './0037-retention.ts'
import { FormerLabels0000000000038 } from './0038-former-labels.ts'
import { NodePlaces0000000000039 } from './0039-node-places.ts'
import { IndexAnew0000000000040 } from './0040-index-anew.ts'
import { CollectionHistory0000000000041 } from './0041-collection-history.ts'
import { Requests0000000000042 } from './0042-requests.ts'
import { Moves0000000000043 } from './0043-moves.ts'
import { Settings0000000000044 } from './0044-settings.ts'
import { SignIns0000000000045 } from './0045-sign-ins.ts'
import { ImportChoices0000000000046 } from './0046-import-choices.ts'
import { ListTrash0000000000047 } from './0047-list-trash.ts'
import { EndedLinks0000000000048 } from './0048-ended-links.ts'
import { FolderLinks0000000000049 } from './0049-folder-links.ts'
import { WaitingImports0000000000051 } from './0051-waiting-imports.ts'
import { ThingHistory0000000000052 } from './0052-thing-history.ts'
import { RemovedPrincipals0000000000054 } from './0054-removed-principals.ts'
import { MountHistory0000000000056 } from './0056-mount-history.ts'
import { RemovedThings0000000000057 } from './0057-removed-things.ts'

/** Every migration, in the order they run. One that has been released is never edited. */
export const migrations: readonly (new () => MigrationInterface)[] = [
  Initial0000000000001,
  Rights0000000000002,
  Quota0000000000003,
  Locks0000000000004,
  Documents0000000000005,
  Subscriptions0000000000006,
  Sharing0000000000007,
  Notifications0000000000008,
  NodeTombstones0000000000009,
  Devices0000000000010,
  Lists0000000000011,
  Media0000000000012,
  HeldEdits0000000000013,
  Generated0000000000014,
  ImportBatches0000000000015,
  MigrationSources0000000000016,
  DirectoryBooks0000000000017,
  People0000000000018,
  Api0000000000019,
  Events0000000000020,
  Search0000000000021,
  History0000000000022,
  VirtualBooks0000000000023,
  Match0000000000024,
  Facts0000000000025,
  Timeline0000000000026,
  CustomFields0000000000027,
  SmartLists0000000000028,
  TeamRoles0000000000029,
  Privacy0000000000030,
  Cadences0000000000031,
  Organisations0000000000032,
  Grants0000000000033,
  SortedFields0000000000034,
  WebSessions0000000000035,
  Authors0000000000036,
  Retention0000000000037,
  FormerLabels0000000000038,
  NodePlaces0000000000039,
  IndexAnew0000000000040,
  CollectionHistory0000000000041,
  Requests0000000000042,
  Moves0000000000043,
  Settings0000000000044,
  SignIns0000000000045,
  ImportChoices0000000000046,
  ListTrash0000000000047,
  EndedLinks0000000000048,
  FolderLinks0000000000049,
  WaitingImports0000000000051,
  ThingHistory0000000000052,
  RemovedPrincipals0000000000054,
  MountHistory0000000000056,
  RemovedThings0000000000057,
]
