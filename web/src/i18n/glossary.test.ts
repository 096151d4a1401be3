import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { allTexts } from './test-i18n'

/** One thing has one word, on pages, in mails and in reports. */
const glossary: Record<string, { word: string; never: RegExp }[]> = {
  en: [
    { word: 'envelope', never: /signing package|signature package/i },
    { word: 'certification report', never: /evidence report|proof report|signing report/i },
    { word: 'activation proof', never: /authori[sz]ation proof|control proof/i },
    { word: 'signing policy', never: /signature policy/i },
    { word: 'passkey', never: /pass key|security key/i },
  ],
  'zh-CN': [
    { word: '信封', never: /签署包|签约包/ },
    { word: '出证报告', never: /存证报告|证明报告|签署报告/ },
    { word: '激活证明', never: /授权证明|授权摘要|激活凭证/ },
    { word: '签署密码', never: /PIN|签名密码/ },
    { word: '签署策略', never: /签名策略/ },
    { word: '通行密钥', never: /密钥通行证|Passkey/i },
    { word: '吊销', never: /证书[^，。]*注销|撤销证书/ },
  ],
}

const crates = join(import.meta.dirname, '../../../crates')
const beyond = [
  'service/src/notify/text.rs',
  'service/src/ceremony/consent.rs',
  'service/src/identity/consent.rs',
  'service/src/reporting/words.rs',
  'report/templates/certification.typ',
]

const chinese = /\p{Script=Han}/u

function texts(value: unknown): string[] {
  return typeof value === 'string' ? [value] : Object.values(value as Record<string, unknown>).flatMap(texts)
}

/** What stands in quotation marks, or is set as text, and is Chinese. */
const chineseOf = (source: string) => (source.match(/"[^"]*"|[^"\n]+/g) ?? []).filter((part) => chinese.test(part))

describe('one word for one thing', () => {
  it.each(Object.keys(glossary))('on the pages, in %s', (locale) => {
    for (const text of texts(allTexts[locale])) {
      for (const { word, never } of glossary[locale] ?? []) expect(text, `say ${word}`).not.toMatch(never)
    }
  })

  it.each(beyond)('in Chinese in %s', (file) => {
    const found = chineseOf(readFileSync(join(crates, file), 'utf8'))
    expect(found.length).toBeGreaterThan(0)
    for (const text of found) {
      for (const { word, never } of glossary['zh-CN'] ?? []) expect(text, `say ${word}`).not.toMatch(never)
    }
  })
})
