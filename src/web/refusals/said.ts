import { useTranslation } from 'react-i18next'
import { ApiError } from '../client/api.ts'
import { useSizes } from '../ui/sizes.ts'
import { type Catalogue, type Speech, sayRefusal, sayTold } from './say.ts'

/**
 * The catalogue of what the server tells, loaded when something of it is shown for the first time; undefined until then, and
 * null where it cannot be loaded.
 */
function useSpeech(isWanted: boolean): Speech | null | undefined {
  const { i18n, ready } = useTranslation(isWanted ? 'refusals' : 'ui', { useSuspense: false })
  const sizeOf = useSizes()
  if (!ready) return undefined
  const catalogue = i18n.getResourceBundle(i18n.language, 'refusals') as Catalogue | undefined
  return catalogue ? { catalogue, sizeOf } : null
}

/** An error in words; nothing for the moment in which they are loaded. */
export function useRefusal(error: unknown): string {
  const { t } = useTranslation()
  const isRefused = error instanceof ApiError
  const speech = useSpeech(isRefused)
  if (!isRefused) return t('states.unreachable')
  if (speech === undefined) return ''
  return speech ? sayRefusal(speech, error.status, error.problem) : error.message
}

/** Turns what the server tells, as why an import failed, into words of whoever reads; nothing until they are loaded. */
export function useTold(): (sentence: string) => string {
  const speech = useSpeech(true)
  if (speech === undefined) return () => ''
  return (sentence) => (speech ? sayTold(speech, sentence) : sentence)
}
