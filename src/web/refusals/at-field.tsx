import { type ReactNode, useState } from 'react'
import type { ApiError } from '../client/api.ts'
import { Refused } from '../ui/toast.tsx'

/**
 * What the server refuses of a form, shown at the field that it is about.
 * @param fields  by the names that a body has for them; what names none of them is about the first
 */
export function useRefusedFields(fields: readonly [string, ...string[]]) {
  const [error, setError] = useState<ApiError>()
  const names = error?.problem.errors?.map(({ pointer }) => pointer?.split('/')[1]) ?? []
  const about = fields.find((field) => names.includes(field)) ?? fields[0]
  return {
    refused: (given: ApiError): boolean => {
      setError(given)
      return true
    },
    /** Before it is sent once more. */
    forget: (): void => setError(undefined),
    errorAt: (field: string): ReactNode => error && field === about && <Refused error={error} />,
  }
}
