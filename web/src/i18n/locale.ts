export const locales = ['en', 'zh-CN'] as const
export type Locale = (typeof locales)[number]

/** Each language by its own name: a reader looks for their own. */
export const localeNames: Record<Locale, string> = { en: 'English', 'zh-CN': '中文' }

const storageKey = 'vermilion-locale'

export function toLocale(value: string | null | undefined): Locale | null {
  if (!value) return null
  const lower = value.toLowerCase()
  if (lower === 'zh' || lower.startsWith('zh-')) return 'zh-CN'
  if (lower === 'en' || lower.startsWith('en-')) return 'en'
  return null
}

/** The reader's choice first, then `?lang=`, then what the browser asks for. */
export function preferredLocale(): Locale {
  const asked = new URLSearchParams(window.location.search).get('lang')
  const candidates = [asked, rememberedLocale(), ...navigator.languages]
  for (const candidate of candidates) {
    const locale = toLocale(candidate)
    if (locale) return locale
  }
  return 'en'
}

/** What the reader chose before on this device; null where they never chose. */
export function rememberedLocale(): Locale | null {
  try {
    return toLocale(window.localStorage.getItem(storageKey))
  } catch {
    return null // storage is refused in some in-app browsers
  }
}

export function rememberLocale(locale: Locale) {
  try {
    window.localStorage.setItem(storageKey, locale)
  } catch {
    // the choice then lasts for this page only
  }
}
