import { describe, expect, it } from 'vitest'
import type { OwnField } from '@/features/signing/ceremony-types'
import { initialValues, inReadingOrder, leftOf, nextField, today } from './fields'

const field = (id: string, type: OwnField['type'], page: number, y: number, required = true) =>
  ({ id, type, page, y, x: 10, width: 100, height: 20, required, label: id, value: null }) as OwnField

const fields = [
  field('sign', 'signature', 1, 700),
  field('name', 'text', 2, 100),
  field('day', 'date', 1, 600),
  field('note', 'text', 1, 50, false),
]

describe('the signer’s fields', () => {
  it('stand in reading order', () => {
    expect(inReadingOrder(fields).map(({ id }) => id)).toEqual(['note', 'day', 'sign', 'name'])
  })

  it('begin with today in dates and with what was saved', () => {
    const saved = [{ ...field('name', 'text', 1, 1), value: 'Chen' }, ...fields]
    expect(initialValues(saved, '2026-11-23')).toMatchObject({ day: '2026-11-23', note: '' })
    expect(initialValues(saved, '2026-11-23')).not.toHaveProperty('sign')
  })

  it('are left while required and empty', () => {
    const ids = (values: Record<string, string>, adopted: boolean) =>
      leftOf(fields, values, adopted).map(({ id }) => id)
    expect(ids({}, false)).toEqual(['day', 'sign', 'name'])
    expect(ids({ day: '2026-11-23', name: '  ' }, true)).toEqual(['name'])
    expect(ids({ day: '2026-11-23', name: 'Chen' }, true)).toEqual([])
  })

  it('are led through, the signature last', () => {
    expect(nextField(fields, {}, false, null)?.id).toBe('day')
    expect(nextField(fields, { day: '2026-11-23' }, false, 'day')?.id).toBe('name')
    expect(nextField(fields, { name: 'x' }, false, 'name')?.id).toBe('day')
    expect(nextField(fields, { day: '2026-11-23', name: 'x' }, false, 'name')?.id).toBe('sign')
    expect(nextField(fields, { day: '2026-11-23', name: 'x' }, true, null)).toBeNull()
  })

  it('know today by the signer’s own calendar', () => {
    expect(today(new Date(2026, 0, 5, 23, 59))).toBe('2026-01-05')
  })
})
