import { describe, expect, it } from 'vitest'
import { canBeKept, moved, newRecipient, recipientGaps, toInput } from './recipient-draft'

const person = { ...newRecipient('person', 'en'), name: ' 陈大文 ', email: 'chen@example.com' }

describe('a recipient being written', () => {
  it('says what is missing, in the order of the form', () => {
    expect(recipientGaps(newRecipient('organization', 'zh-CN'))).toEqual(['organization', 'name', 'contact'])
    expect(recipientGaps({ ...person, email: 'chen@' })).toEqual(['email'])
    expect(recipientGaps({ ...person, email: '', phone: '12' })).toEqual(['phone'])
    expect(canBeKept(person)).toBe(true)
  })

  it('is reachable by the number that only the server knows', () => {
    expect(canBeKept({ ...person, email: '', phoneKept: '138****5678' })).toBe(true)
  })

  it('leaves a kept number out, and sends a typed one', () => {
    const kept = { ...person, id: 'rcp_1', phoneKept: '138****5678' }
    expect(toInput(kept, 1)).toEqual({
      id: 'rcp_1',
      kind: 'person',
      name: '陈大文',
      email: 'chen@example.com',
      locale: 'en',
      order: 2,
    })
    expect(toInput({ ...kept, phone: '13900001111' }, 0).phone).toBe('13900001111')
    expect(toInput(person, 0).phone).toBe('')
  })

  it('moves within the list and not out of it', () => {
    expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a'])
    expect(moved(['a', 'b', 'c'], 2, -1)).toEqual(['c', 'a', 'b'])
  })
})
