import { lazy, Suspense } from 'react'
import { Redirect, Route, Switch, useLocation } from 'wouter'
import { ContactsPage } from './contacts/contacts-page.tsx'
import { useSession } from './session/session.ts'
import { Boundary } from './ui/broken.tsx'
import { Shell } from './ui/shell.tsx'
import { Failed, Loading } from './ui/states.tsx'

const PasswordPage = lazy(async () => ({
  default: (await import('./session/password-page.tsx')).PasswordPage,
}))
const SignInPage = lazy(async () => ({ default: (await import('./session/sign-in-page.tsx')).SignInPage }))

const CalendarPage = lazy(async () => ({
  default: (await import('./calendar/calendar-page.tsx')).CalendarPage,
}))
const TasksPage = lazy(async () => ({ default: (await import('./tasks/tasks-page.tsx')).TasksPage }))
const DuplicatesPage = lazy(async () => ({
  default: (await import('./duplicates/duplicates-page.tsx')).DuplicatesPage,
}))
const AccountPage = lazy(async () => ({ default: (await import('./account/account-page.tsx')).AccountPage }))
const ImportPage = lazy(async () => ({ default: (await import('./import/import-page.tsx')).ImportPage }))
const TrashPage = lazy(async () => ({ default: (await import('./trash/trash-page.tsx')).TrashPage }))
const FilesPage = lazy(async () => ({ default: (await import('./files/files-page.tsx')).FilesPage }))

const ServedPage = lazy(async () => ({ default: (await import('./served/served-page.tsx')).ServedPage }))
const ProofPage = lazy(async () => ({ default: (await import('./consents/proof-page.tsx')).ProofPage }))
const TouchPage = lazy(async () => ({ default: (await import('./touch/touch-page.tsx')).TouchPage }))
const FieldsPage = lazy(async () => ({ default: (await import('./fields/fields-page.tsx')).FieldsPage }))

const AdminPage = lazy(async () => ({ default: (await import('./admin/admin-page.tsx')).AdminPage }))
const SetupPage = lazy(async () => ({ default: (await import('./setup/setup-page.tsx')).SetupPage }))

/** Which page is where. Who is not signed in sees how to. */
export function App() {
  return (
    <Boundary place="app">
      <Suspense fallback={<Loading />}>
        <Switch>
          <Route path="/password" component={PasswordPage} />
          <Route path="/setup" component={SetupPage} />
          <Route component={SignedIn} />
        </Switch>
      </Suspense>
    </Boundary>
  )
}

function SignedIn() {
  const { data, error, isPending, refetch } = useSession()
  const [location] = useLocation()
  if (isPending) return <Loading />
  if (error) return <Failed error={error} again={() => void refetch()} />
  if (data === null) return <SignInPage />
  const { id } = data.account
  return (
    <Shell key={id} account={id}>
      <Boundary place={location}>
        <Suspense fallback={<Loading />}>
          <Switch>
            <Route path="/contacts/:id?" component={ContactsPage} />
            <Route path="/import/:what?" component={ImportPage} />
            <Route path="/trash" component={TrashPage} />
            <Route path="/files/home/:home" component={FilesPage} />
            <Route path="/files/:folder?" component={FilesPage} />
            <Route path="/calendar" component={CalendarPage} />
            <Route path="/tasks" component={TasksPage} />
            <Route path="/account/:part?/:item?" component={AccountPage} />
            <Route path="/admin/:part?/:item?" component={AdminPage} />
            <Route path="/served/:what?/:id?" component={ServedPage} />
            <Route path="/erasures/:id" component={ProofPage} />
            <Route path="/keep-in-touch" component={TouchPage} />
            <Route path="/fields/:part?" component={FieldsPage} />
            <Route path="/duplicates" component={DuplicatesPage} />
            <Route>
              <Redirect to="/contacts" replace />
            </Route>
          </Switch>
        </Suspense>
      </Boundary>
    </Shell>
  )
}
