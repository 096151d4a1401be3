import { describe, expect, it } from 'vitest'
import type { Ceremony } from './ceremony-types'
import { progressOf, shownStep } from './steps'

const at = (step: Ceremony['step'], kind: 'person' | 'organization' = 'person') =>
  ({ step, recipient: { kind } }) as Ceremony

describe('the step that is shown', () => {
  it('is the server’s, whatever the address says', () => {
    expect(shownStep('confirm', at('consent'))).toBe('consent')
    expect(shownStep('nonsense', at('identity'))).toBe('identity')
    expect(shownStep(undefined, at('request'))).toBe('request')
    expect(shownStep('identity', at('done'))).toBe('done')
  })

  it('may be an earlier one that can be seen again', () => {
    expect(shownStep('document', at('confirm'))).toBe('document')
    expect(shownStep('impression', at('key'))).toBe('impression')
  })

  it('never goes back before the identity, nor to the PIN', () => {
    expect(shownStep('consent', at('confirm'))).toBe('confirm')
    expect(shownStep('identity', at('document'))).toBe('document')
    expect(shownStep('key', at('confirm'))).toBe('confirm')
  })

  it('is counted on the way of a person and of a company', () => {
    expect(progressOf('document', at('document'))).toEqual({ n: 4, m: 7 })
    expect(progressOf('document', at('document', 'organization'))).toEqual({ n: 5, m: 8 })
    expect(progressOf('confirm', at('confirm'))).toEqual({ n: 7, m: 7 })
  })
})
