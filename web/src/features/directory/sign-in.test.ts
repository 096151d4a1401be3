import { afterEach, describe, expect, it } from 'vitest'
import { cameFrom } from './sign-in'

const key = 'vermilion-directory-from'

describe('the way back from a directory', () => {
  afterEach(() => sessionStorage.clear())

  it('is where the sign-in began', () => {
    sessionStorage.setItem(key, '/sign/rcp_0192f0c1a2b37c4d8e5f60718293a4b5/confirm')
    expect(cameFrom()).toBe('/sign/rcp_0192f0c1a2b37c4d8e5f60718293a4b5/confirm')
  })

  it('never leads to another site', () => {
    expect(cameFrom()).toBe('/')
    for (const path of ['//evil.example', 'https://evil.example', 'javascript:alert(1)', '/\\evil.example', '/a?b']) {
      sessionStorage.setItem(key, path)
      expect(cameFrom(), path).toBe('/')
    }
  })
})
