import { Stack } from '@mantine/core'
import { Browsers } from './browsers.tsx'
import { OpenLinks } from './open-links.tsx'
import { PasswordForm } from './password-form.tsx'
import { SignIns } from './sign-ins.tsx'

/** Who can get into the account, and who has. */
export function Security() {
  return (
    <Stack gap="xl">
      <PasswordForm />
      <Browsers />
      <OpenLinks />
      <SignIns />
    </Stack>
  )
}
