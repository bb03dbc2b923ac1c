import { useTranslation } from 'react-i18next'
import { ApiError } from '../client/api.ts'
import { type Catalogue, sayRefusal, sayTold } from './say.ts'

/**
 * The catalogue of what the server tells, loaded when something of it is shown for the first time; undefined until then, and
 * null where it cannot be loaded.
 */
function useCatalogue(isWanted: boolean): Catalogue | null | undefined {
  const { i18n, ready } = useTranslation(isWanted ? 'refusals' : 'ui', { useSuspense: false })
  if (!ready) return undefined
  return (i18n.getResourceBundle(i18n.language, 'refusals') as Catalogue | undefined) ?? null
}

/** An error in words; nothing for the moment in which they are loaded. */
export function useRefusal(error: unknown): string {
  const { t } = useTranslation()
  const isRefused = error instanceof ApiError
  const catalogue = useCatalogue(isRefused)
  if (!isRefused) return t('states.unreachable')
  if (catalogue === undefined) return ''
  return catalogue ? sayRefusal(catalogue, error.status, error.problem) : error.message
}

/** Turns what the server tells, as why an import failed, into words of whoever reads; nothing until they are loaded. */
export function useTold(): (sentence: string) => string {
  const catalogue = useCatalogue(true)
  if (catalogue === undefined) return () => ''
  return (sentence) => (catalogue ? sayTold(catalogue, sentence) : sentence)
}
