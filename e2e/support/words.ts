import { readFileSync } from 'node:fs'
import { join } from 'node:path'

type Values = Record<string, string | number>

const texts = new Map<string, unknown>()

function area(locale: string, name: string): unknown {
  const path = join(import.meta.dirname, '../../web/src/i18n', locale, `${name}.json`)
  if (!texts.has(path)) texts.set(path, JSON.parse(readFileSync(path, 'utf8')))
  return texts.get(path)
}

/** The words of the pages themselves: a test says what it looks for by key, in either language. */
export class Words {
  constructor(readonly locale: 'en' | 'zh-CN') {}

  /** `t('signing:confirm.sign')` */
  t(key: string, values: Values = {}): string {
    const [name = '', path = ''] = key.split(':')
    const text = path
      .split('.')
      .reduce<unknown>((at, part) => (at as Record<string, unknown>)?.[part], area(this.locale, name))
    if (typeof text !== 'string') throw new Error(`no text ${key} in ${this.locale}`)
    return text.replace(/\{\{(\w+)\}\}/g, (_, value: string) => String(values[value] ?? ''))
  }

  /** A text whose values are not known: anything may stand for them. */
  like(key: string): RegExp {
    const parts = this.t(key, {}) === '' ? [] : this.raw(key).split(/\{\{\w+\}\}/)
    return new RegExp(parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.+'))
  }

  private raw(key: string): string {
    const [name = '', path = ''] = key.split(':')
    return path
      .split('.')
      .reduce<unknown>((at, part) => (at as Record<string, unknown>)?.[part], area(this.locale, name)) as string
  }
}
