import { describe, expect, it } from 'vitest'
import { pinRules } from './pin-rules'

const of = (pin: string) => pinRules(pin, pin)

describe('what may be a PIN, as the server has it', () => {
  it.each(['730591', '7305917305', 'correct horse', '正确的马电池订书钉', ' 730591 '])('takes %s', (pin) => {
    expect(of(pin)).toEqual({ length: true, easy: true, same: true })
  })

  it.each(['', '12345', 'abc123', 'abcdef1', 'ab1d'.repeat(40)])('finds the length of %s wrong', (pin) => {
    expect(of(pin).length).toBe(false)
  })

  it.each([
    '000000',
    '121212',
    '123123',
    '12341234',
    '123456',
    '654321',
    '890123',
    '900101',
    '19900101',
    '31121999',
    'abababac',
    'abcdefgh',
  ])('finds %s too easy', (pin) => {
    expect(of(pin)).toMatchObject({ length: true, easy: false })
  })

  it('wants the same twice', () => {
    expect(pinRules('730591', '730592').same).toBe(false)
  })
})
