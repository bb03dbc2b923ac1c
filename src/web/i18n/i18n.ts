import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import en from './en.json'

/** The languages of the app, by their tags, each under its own name. */
export const languages = {
  en: 'English',
  de: 'Deutsch',
  fr: 'Français',
  es: 'Español',
  nl: 'Nederlands',
  ru: 'Русский',
  el: 'Ελληνικά',
} as const
export type Language = keyof typeof languages

const catalogues: Readonly<Record<Exclude<Language, 'en'>, () => Promise<{ default: object }>>> = {
  de: () => import('./de.json'),
  fr: () => import('./fr.json'),
  es: () => import('./es.json'),
  nl: () => import('./nl.json'),
  ru: () => import('./ru.json'),
  el: () => import('./el.json'),
}

/** The language of the app that comes nearest to one of these tags; English where none does. */
export function nearestLanguage(tags: readonly (string | null | undefined)[]): Language {
  for (const tag of tags) {
    const short = tag?.toLowerCase().split('-')[0] ?? ''
    if (short in languages) return short as Language
  }
  return 'en'
}

/** Begins with what the browser speaks. */
export async function startTexts(): Promise<void> {
  await i18next.use(initReactI18next).init({
    resources: { en: { translation: en } },
    lng: 'en',
    fallbackLng: 'en',
    interpolation: { escapeValue: false },
    returnNull: false,
  })
  await speak(nearestLanguage(navigator.languages))
}

/** Shows the app in this language; its catalogue is loaded when it is first wanted. */
export async function speak(language: Language): Promise<void> {
  if (language !== 'en' && !i18next.hasResourceBundle(language, 'translation')) {
    const { default: texts } = await catalogues[language]()
    i18next.addResourceBundle(language, 'translation', texts)
  }
  await i18next.changeLanguage(language)
  document.documentElement.lang = language
  document.documentElement.dir = i18next.dir(language)
}
