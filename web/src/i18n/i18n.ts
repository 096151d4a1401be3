import i18next, { type BackendModule } from 'i18next'
import { initReactI18next } from 'react-i18next'
import { type Locale, preferredLocale, rememberLocale, toLocale } from './locale'

type Texts = Record<string, unknown>

/** One chunk for each language and area; only what a page needs is loaded. */
const files = import.meta.glob<Texts>('./{en,zh-CN}/*.json', { import: 'default' })

const backend: BackendModule = {
  type: 'backend',
  init() {},
  read(language, namespace, done) {
    const load = files[`./${language}/${namespace}.json`]
    if (!load) return done(new Error(`no texts for ${language}/${namespace}`), null)
    load().then(
      (texts) => done(null, texts),
      (error: unknown) => done(error as Error, null),
    )
  },
}

export const i18n = i18next

export async function startI18n(locale: Locale = preferredLocale()) {
  i18n.on('languageChanged', (language) => {
    document.documentElement.lang = language
  })
  await i18n
    .use(backend)
    .use(initReactI18next)
    .init({
      lng: locale,
      supportedLngs: ['en', 'zh-CN'],
      fallbackLng: false,
      ns: ['common', 'problem'],
      defaultNS: 'common',
      interpolation: { escapeValue: false }, // React escapes
      react: { useSuspense: true },
    })
}

export function currentLocale(): Locale {
  return toLocale(i18n.language) ?? 'en'
}

/** Changes the language of the page and remembers it on this device. */
export async function setLocale(locale: Locale) {
  rememberLocale(locale)
  await i18n.changeLanguage(locale)
}

/** Changes the language for this page only: where the account or the recipient has one and the reader chose none. */
export async function suggestLocale(locale: Locale) {
  if (i18n.language !== locale) await i18n.changeLanguage(locale)
}
