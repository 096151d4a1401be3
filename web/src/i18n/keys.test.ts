import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { allTexts } from './test-i18n'

const root = join(import.meta.dirname, '..')
const ours = (file: string) => /\.tsx?$/.test(file) && !/\.test\.tsx?$|schema\.ts$|\.gen\.ts$/.test(file)
const source = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter(ours)
  .map((file) => readFileSync(join(root, file), 'utf8'))
  .join('\n')

/** A key as the pages write it, without its area: whole, or with places for what a page puts in. */
const bare = (key: string) => key.replace(/^\w+:/, '')
const whole = new Set([...source.matchAll(/['"`]([\w.:-]+)['"`]/g)].map(([, key = '']) => bare(key)))
const hole = /\$\{(?:[^{}]|\{[^{}]*\})*\}/
const templates = [
  /`((?:[^`$]|\$\{(?:[^{}]|\{[^{}]*\})*\})+)`/g,
  // Inside another template too.
  /\bt\(`((?:[^`$]|\$\{[^{}`]*\})+)`/g,
]
const made = templates
  .flatMap((template) => [...source.matchAll(template)])
  .map(([, key = '']) => bare(key))
  .map((key) => key.split(new RegExp(hole, 'g')))
  .filter((parts) => parts.length > 1 && parts.every((part) => /^[\w.]*$/.test(part)) && /[a-z]/.test(parts.join('')))
  .map((parts) => new RegExp(`^${parts.map((part) => part.replaceAll('.', '\\.')).join('[\\w-]+')}$`))

const used = (key: string) => {
  const base = key.replace(/_(one|other)$/, '')
  return [key, base].some((it) => whole.has(it) || made.some((pattern) => pattern.test(it)))
}

function keys(value: unknown, path = ''): string[] {
  if (typeof value === 'string') return [path]
  return Object.entries(value as Record<string, unknown>).flatMap(([name, inner]) =>
    keys(inner, path ? `${path}.${name}` : name),
  )
}

/** What the domain refuses, by its code; and what the edge and the pages themselves say beside it. */
const crates = join(root, '../../crates')
const list = readFileSync(join(crates, 'domain/src/refusal.rs'), 'utf8')
const known = [...list.matchAll(/ = "([a-z_]+)"(?: @ "\w+")?, /g)].map(([, code = '']) => code)
const edge = readdirSync(join(crates, 'server/src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.rs'))
  .map((file) => readFileSync(join(crates, 'server/src', file), 'utf8'))
  .join('\n')
const said = new Set([...`${edge}\n${source}`.matchAll(/['":]([a-z]\w*)['"`]/g)].map(([, code = '']) => code))

describe('the words of the pages', () => {
  it.each(Object.keys(allTexts.en ?? {}).filter((area) => area !== 'problem'))('are all used in %s', (area) => {
    expect(keys(allTexts.en?.[area]).filter((key) => !used(key))).toEqual([])
  })

  it('name every refusal that the domain knows, and no other', () => {
    expect(known.length).toBeGreaterThan(50)
    const there = Object.keys(allTexts.en?.problem ?? {})
    expect(known.filter((code) => !there.some((key) => key === code || key.startsWith(`${code}_`)))).toEqual([])
    const ofKnown = (key: string) => known.some((code) => key === code || key.startsWith(`${code}_`))
    expect(there.filter((key) => !ofKnown(key) && !said.has(key))).toEqual([])
  })
})
