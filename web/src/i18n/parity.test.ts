import { describe, expect, it } from 'vitest'
import { allTexts } from './test-i18n'

const plural = /_(zero|one|two|few|many|other)$/

function flatten(value: unknown, path = ''): Map<string, string> {
  if (typeof value === 'string') return new Map([[path, value]])
  const texts = new Map<string, string>()
  for (const [name, inner] of Object.entries(value as Record<string, unknown>)) {
    for (const [key, text] of flatten(inner, path ? `${path}.${name}` : name)) texts.set(key, text)
  }
  return texts
}

const keysOf = (texts: Map<string, string>) =>
  [...new Set([...texts.keys()].map((key) => key.replace(plural, '')))].sort()

const placesOf = (text: string) => [...new Set(text.match(/\{\{\w+\}\}/g) ?? [])].sort()

const areas = Object.keys(allTexts.en ?? {})

describe('both languages', () => {
  it('have the same areas', () => {
    expect(Object.keys(allTexts['zh-CN'] ?? {}).sort()).toEqual([...areas].sort())
    expect(areas).toContain('common')
  })

  it.each(areas)('say the same things in %s', (area) => {
    const en = flatten(allTexts.en?.[area])
    const zh = flatten(allTexts['zh-CN']?.[area])
    expect(keysOf(zh)).toEqual(keysOf(en))
  })

  it.each(areas)('leave no text of %s empty', (area) => {
    for (const locale of ['en', 'zh-CN']) {
      const empty = [...flatten(allTexts[locale]?.[area])].filter(([, text]) => !text.trim()).map(([key]) => key)
      expect(empty).toEqual([])
    }
  })

  it.each(areas)('have forms for every count in %s', (area) => {
    const en = flatten(allTexts.en?.[area])
    const zh = flatten(allTexts['zh-CN']?.[area])
    for (const key of en.keys()) {
      if (!key.endsWith('_one')) continue
      const base = key.replace(plural, '')
      expect(en.has(`${base}_other`), `${base}_other in English`).toBe(true)
      expect(zh.has(`${base}_other`), `${base}_other in Chinese`).toBe(true)
    }
  })

  it.each(areas)('put no value into Chinese that English does not have, in %s', (area) => {
    const en = flatten(allTexts.en?.[area])
    for (const [key, text] of flatten(allTexts['zh-CN']?.[area])) {
      const other = en.get(key) ?? en.get(key.replace(plural, ''))
      if (other === undefined) continue
      const extra = placesOf(text).filter((place) => place !== '{{count}}' && !placesOf(other).includes(place))
      expect(extra, key).toEqual([])
    }
  })
})
