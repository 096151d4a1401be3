import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'

const files = import.meta.glob<Record<string, unknown>>('./{en,zh-CN}/*.json', { import: 'default', eager: true })

/** All texts at once, so that tests never wait for a language. */
export const allTexts: Record<string, Record<string, Record<string, unknown>>> = {}
for (const [path, texts] of Object.entries(files)) {
  const [, language = '', file = ''] = path.split('/')
  allTexts[language] = { ...allTexts[language], [file.replace('.json', '')]: texts }
}

await i18next.use(initReactI18next).init({
  lng: 'en',
  fallbackLng: false,
  defaultNS: 'common',
  resources: allTexts as never,
  interpolation: { escapeValue: false },
})
