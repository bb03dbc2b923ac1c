import { adminAccountRoutes } from '../features/accounts/admin-routes.ts'
import { groupRoutes } from '../features/accounts/group-routes.ts'
import { removedRoutes } from '../features/accounts/removed/routes.ts'
import { accountRoutes } from '../features/accounts/routes.ts'
import { adminRoutes } from '../features/admin/routes.ts'
import { birthdayRoutes } from '../features/birthdays/routes.ts'
import { bulkPeopleRoutes } from '../features/bulk-people/routes.ts'
import { cadenceRoutes } from '../features/cadence/routes.ts'
import { eventRoutes } from '../features/calendar-events/routes.ts'
import { calendarRoutes } from '../features/calendars/routes.ts'
import { cardRoutes } from '../features/cards/routes.ts'
import { changeRoutes } from '../features/changes/routes.ts'
import { consentRoutes } from '../features/consents/routes.ts'
import { deviceRoutes } from '../features/devices/routes.ts'
import { directoryRoutes } from '../features/directory/routes.ts'
import { duplicateRoutes } from '../features/duplicates/routes.ts'
import { partyRoutes } from '../features/facts/routes.ts'
import { fieldRoutes } from '../features/fields/routes.ts'
import { folderLinkRoutes } from '../features/files/link-routes.ts'
import { partyFileRoutes } from '../features/files/party-routes.ts'
import { fileRoutes } from '../features/files/routes.ts'
import { folderShareRoutes } from '../features/files/sharing/routes.ts'
import { grantRoutes } from '../features/grants/routes.ts'
import { heldRoutes } from '../features/held/routes.ts'
import { historyRoutes } from '../features/history/routes.ts'
import { homeCollectionRoutes } from '../features/home-collections/routes.ts'
import { importRoutes } from '../features/imports/routes.ts'
import { labelRoutes } from '../features/labels/routes.ts'
import { maskRoutes } from '../features/masks/routes.ts'
import { mergeRoutes } from '../features/merges/routes.ts'
import { migrationRoutes } from '../features/migration/api/routes.ts'
import { principalRoutes } from '../features/principals/routes.ts'
import { personExportRoutes } from '../features/privacy/export-routes.ts'
import { retentionRoutes } from '../features/privacy/retention/routes.ts'
import { privacyRoutes } from '../features/privacy/routes.ts'
import { searchRoutes } from '../features/search/routes.ts'
import { sessionRoutes } from '../features/sessions/routes.ts'
import { sharingRoutes } from '../features/sharing/routes.ts'
import { peopleRoutes } from '../features/smart-lists/people-routes.ts'
import { smartListRoutes } from '../features/smart-lists/routes.ts'
import { subscriptionRoutes } from '../features/subscriptions/routes.ts'
import { taskRoutes } from '../features/tasks/routes.ts'
import { teamRoutes } from '../features/team/routes.ts'
import { activityRoutes } from '../features/timeline/activity-routes.ts'
import { timelineRoutes } from '../features/timeline/timeline-routes.ts'
import { tokenRoutes } from '../features/tokens/routes.ts'
import { transferRoutes } from '../features/transfer/routes.ts'
import { trashRoutes } from '../features/trash/routes.ts'
import { webhookRoutes } from '../features/webhooks/routes.ts'
import { bulkRoutes } from './bulk/routes.ts'
import { createFindRoute, type FindRoute } from './find.ts'
import { openApiRoutes } from './openapi/routes.ts'
import type { Route } from './route.ts'

const routesOfFeatures: readonly Route[] = [
  ...accountRoutes,
  ...adminAccountRoutes,
  ...adminRoutes,
  ...groupRoutes,
  ...removedRoutes,
  ...birthdayRoutes,
  ...calendarRoutes,
  ...eventRoutes,
  ...changeRoutes,
  ...cardRoutes,
  ...cadenceRoutes,
  ...consentRoutes,
  ...deviceRoutes,
  ...directoryRoutes,
  ...fieldRoutes,
  ...fileRoutes,
  ...partyFileRoutes,
  ...folderLinkRoutes,
  ...folderShareRoutes,
  ...duplicateRoutes,
  // Before those that take what comes behind the slash for an id.
  ...bulkPeopleRoutes,
  ...peopleRoutes,
  ...partyRoutes,
  ...grantRoutes,
  ...heldRoutes,
  ...historyRoutes,
  ...importRoutes,
  ...labelRoutes,
  ...maskRoutes,
  ...mergeRoutes,
  ...migrationRoutes,
  ...privacyRoutes,
  ...retentionRoutes,
  ...searchRoutes,
  ...sessionRoutes,
  ...sharingRoutes,
  ...smartListRoutes,
  ...taskRoutes,
  ...homeCollectionRoutes,
  ...principalRoutes,
  ...subscriptionRoutes,
  ...activityRoutes,
  ...timelineRoutes,
  ...teamRoutes,
  ...tokenRoutes,
  ...transferRoutes,
  ...trashRoutes,
  ...webhookRoutes,
]

/** All of the API: every feature's routes, and those that tell of the others. */
export const apiRoutes: readonly Route[] = [
  ...routesOfFeatures,
  ...bulkRoutes(() => findRoute),
  ...personExportRoutes(() => findRoute),
  ...openApiRoutes(() => apiRoutes),
]

/** The way to each of them. */
export const findRoute: FindRoute = createFindRoute(apiRoutes)
