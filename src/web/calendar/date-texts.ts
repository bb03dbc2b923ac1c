import dayjs from 'dayjs'
import customParseFormat from 'dayjs/plugin/customParseFormat.js'
import localizedFormat from 'dayjs/plugin/localizedFormat.js'
import 'dayjs/locale/de.js'
import 'dayjs/locale/el.js'
import 'dayjs/locale/en-gb.js'
import 'dayjs/locale/es.js'
import 'dayjs/locale/fr.js'
import 'dayjs/locale/nl.js'
import 'dayjs/locale/ru.js'
import { localeOf } from '../i18n/locale.ts'

dayjs.extend(localizedFormat)
// Days that are typed are read as they are shown.
dayjs.extend(customParseFormat)

/** What days are written in by fields and sheets: the language, or the kind of English that the browser speaks. */
export function dateLanguageOf(language: string): string {
  return language === 'en' && localeOf('en').toLowerCase() !== 'en-us' ? 'en-gb' : language
}
