import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'

// The stylesheet of every Mantine component that is used somewhere, and of those that they are made of, is imported.
const mantine = join(import.meta.dirname, '../../node_modules/@mantine/core')
const sources = Object.values(
  import.meta.glob<string>('../**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true }),
)

function usedNames(): Set<string> {
  const names = new Set<string>()
  for (const source of sources) {
    for (const [, list = ''] of source.matchAll(/import \{([^}]*)\} from '@mantine\/core'/g)) {
      for (const name of list.match(/\b[A-Z]\w+/g) ?? []) names.add(name)
    }
    // `Radio.Card` is the component RadioCard.
    for (const [, whole = '', part = ''] of source.matchAll(/<([A-Z]\w+)\.([A-Z]\w+)/g)) names.add(whole + part)
  }
  return names
}

function madeOf(component: string, found: Set<string>) {
  const folder = ['components', 'utils'].map((kind) => join(mantine, 'esm', kind, component)).find(existsSync)
  if (found.has(component) || !folder) return
  found.add(component)
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.mjs'))) {
    const text = readFileSync(join(folder, file), 'utf8')
    for (const [, other = ''] of text.matchAll(/from "(?:\.\.\/)+(?:utils\/|components\/)?([A-Z]\w+)\//g))
      madeOf(other, found)
  }
}

it('every Mantine component that is used has its stylesheet', () => {
  const needed = new Set<string>()
  for (const name of usedNames()) {
    madeOf(name, needed)
    needed.add(name)
  }
  const sheet = readFileSync(join(import.meta.dirname, 'mantine.css'), 'utf8')
  const missing = [...needed].filter(
    (name) => existsSync(join(mantine, `styles/${name}.layer.css`)) && !sheet.includes(`/${name}.layer.css`),
  )
  expect(missing).toEqual([])
})
