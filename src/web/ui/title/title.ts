import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'

/** What is open in a part of the app, the innermost last, and the part itself. */
const opened: string[] = []
let part = ''

function write(app: string): void {
  document.title = [opened.at(-1), part, app].filter(Boolean).join(' · ')
}

/** Calls the window by the part of the app that is open, and by what is open in it. @see WCAG 2.4.2 */
export function usePartTitle(name: string): void {
  const app = useTranslation().t('app.name')
  useEffect(() => {
    part = name
    write(app)
  }, [name, app])
}

/** Calls the window by what is open, for as long as it is; undefined while that is not known. */
export function useTitle(name: string | undefined): void {
  const app = useTranslation().t('app.name')
  useEffect(() => {
    if (name === undefined) return
    opened.push(name)
    write(app)
    return () => {
      opened.splice(opened.lastIndexOf(name), 1)
      write(app)
    }
  }, [name, app])
}
