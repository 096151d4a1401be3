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

/** On the pages alone: words that mails and reports may need for something else. */
const pages: typeof glossary = {
  en: [{ word: 'time-stamp', never: /time stamp/i }],
  'zh-CN': [
    { word: '企业', never: /公司/ },
    { word: '证书颁发机构', never: /(?<!证书)认证机构|证书机构|证书签发机构/ },
    { word: '人员目录', never: /单位目录|员工目录/ },
    { word: '企业登记库', never: /登记机关|工商/ },
    { word: '硬件密码模块', never: /硬件模块/ },
    { word: '挂起', never: /证书[^，。]*暂停/ },
    {
      word: '此前的签署不受影响',
      never: /(签署|签名|文件)[^，。；]*(依然|仍然|同样|方为)有效|同等(法律)?(效力|约束力)|证明力/,
    },
    { word: '授权书，授权委托书', never: /(?<!授权)委托书/ },
  ],
}

/** Where the account's password and the device's own code are near. */
const aboutPins = [/^problem\.(pin_|key_locked|custody_refused_pin)/, /^signing\.(key|confirm|will|my_keys)\./] as const

const crates = join(import.meta.dirname, '../../../crates')
const beyond = [
  'service/src/notify/text.rs',
  'service/src/ceremony/consent.rs',
  'service/src/identity/consent.rs',
  'service/src/reporting/words.rs',
  'report/templates/certification.typ',
  'report/templates/authorization.typ',
  'report/templates/letter.typ',
  'service/src/notify/subject.rs',
  'service/src/notify/progress.rs',
  'pades/src/report/reason.rs',
  'pades/src/report/text.rs',
]

const chinese = /\p{Script=Han}/u

function texts(value: unknown): string[] {
  return typeof value === 'string' ? [value] : Object.values(value as Record<string, unknown>).flatMap(texts)
}

function named(value: unknown, path: string): [string, string][] {
  if (typeof value === 'string') return [[path, value]]
  return Object.entries(value as Record<string, unknown>).flatMap(([name, inner]) => named(inner, `${path}.${name}`))
}

/** What stands in quotation marks, or is set as text, and is Chinese. */
const chineseOf = (source: string) => (source.match(/"[^"]*"|[^"\n]+/g) ?? []).filter((part) => chinese.test(part))

describe('one word for one thing', () => {
  it.each(Object.keys(glossary))('on the pages, in %s', (locale) => {
    for (const text of texts(allTexts[locale])) {
      const all = [...(glossary[locale] ?? []), ...(pages[locale] ?? [])]
      for (const { word, never } of all) expect(text, `say ${word}`).not.toMatch(never)
    }
  })

  it('and the PIN is no other password', () => {
    const all = Object.entries(allTexts['zh-CN'] ?? {}).flatMap(([area, value]) => named(value, area))
    const near = all.filter(([path]) => aboutPins.some((place) => place.test(path)))
    expect(near.length).toBeGreaterThan(50)
    for (const [path, text] of near) expect(text, path).not.toMatch(/(?<!签署|锁屏|硬件)密码/)
  })

  it.each(beyond)('in Chinese in %s', (file) => {
    const found = chineseOf(readFileSync(join(crates, file), 'utf8'))
    expect(found.length).toBeGreaterThan(0)
    for (const text of found.map((part) => part.replace(/\{\w+\}/g, ''))) {
      for (const { word, never } of glossary['zh-CN'] ?? []) expect(text, `say ${word}`).not.toMatch(never)
    }
  })
})
