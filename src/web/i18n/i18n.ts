import i18next, { type BackendModule } from 'i18next'
import { initReactI18next } from 'react-i18next'

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

/** The texts of each part of the app, under the name of its folder: `../contacts/texts/de.json`. */
const catalogues = import.meta.glob<{ default: object }>('../*/texts/*.json')

/** Loads the texts of a part when it is first shown, in the language that is spoken alone. */
const backend: BackendModule = {
  type: 'backend',
  init: () => {},
  read: async (language, part) => {
    const load = catalogues[`../${part}/texts/${language}.json`]
    if (!load) throw new Error(`There are no texts for ${part} in ${language}.`)
    return (await load()).default
  },
}

/** The language of the app that comes nearest to one of these tags; English where none does. */
export function nearestLanguage(tags: readonly (string | null | undefined)[]): Language {
  for (const tag of tags) {
    const short = tag?.toLowerCase().split('-')[0] ?? ''
    if (short in languages) return short as Language
  }
  return 'en'
}

/**
 * Begins with what the browser speaks. A part says `useTranslation('contacts')`; what it has no text for is one
 * of all parts (ui/texts). Each catalogue has each text (test/web/texts.test.ts): none falls back to English.
 */
export async function startTexts(): Promise<void> {
  await i18next
    .use(backend)
    .use(initReactI18next)
    .init({
      lng: nearestLanguage(navigator.languages),
      fallbackLng: false,
      ns: 'ui',
      defaultNS: 'ui',
      fallbackNS: 'ui',
      interpolation: { escapeValue: false },
      returnNull: false,
      saveMissing: true,
      missingKeyHandler: (_, part, key) => console.error(`There is no text ${part}:${key}.`),
    })
  show(i18next.language)
}

/** Shows the app in this language; its texts are loaded when they are first wanted. */
export async function speak(language: Language): Promise<void> {
  await i18next.changeLanguage(language)
  show(language)
}

function show(language: string): void {
  document.documentElement.lang = language
  document.documentElement.dir = i18next.dir(language)
  // What was not shown yet is there without a line too.
  navigator.serviceWorker?.controller?.postMessage({ speaks: language })
}
