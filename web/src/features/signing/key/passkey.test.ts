import { describe, expect, it } from 'vitest'
import { fromBase64Url, passkeysWork, toBase64Url } from './passkey'

describe('passkeys', () => {
  it('writes and reads bytes as WebAuthn does', () => {
    const bytes = Uint8Array.from([0, 251, 255, 190, 1])
    expect(toBase64Url(bytes)).toBe('APv_vgE')
    expect([...fromBase64Url('APv_vgE')]).toEqual([...bytes])
    expect(toBase64Url(bytes.subarray(1, 3))).toBe('-_8')
  })

  it('are not offered where the browser has none', () => {
    expect(passkeysWork({ relying_party: null })).toBe(false)
    expect(passkeysWork({ relying_party: 'sign.example.com' })).toBe(false)
  })
})
