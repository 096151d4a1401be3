import { describe, expect, it } from 'vitest'
import { commonName } from '@/features/signing/identity/common-name'
import { creditCodeFault } from '@/features/signing/identity/credit-code'
import { residentIdFault } from '@/features/signing/identity/resident-id'
import { pinRules } from '@/features/signing/key/pin-rules'
import { patiently } from '@/features/signing/lazy-screen'
import { parseYuan, yuan } from '@/features/signing/organization/yuan'

describe('hints while typing', () => {
  it('find what is wrong with an ID number', () => {
    expect(residentIdFault('11010519860214102X')).toBeNull()
    expect(residentIdFault('110105 1986 0214 102x')).toBeNull()
    expect(residentIdFault('110105198602141021')).toBe('checksum')
    expect(residentIdFault('110105198613141029')).toBe('date')
    expect(residentIdFault('11010519860214')).toBe('length')
    expect(residentIdFault('11010519860214102A')).toBe('characters')
  })

  it('find what is wrong with a credit code', () => {
    expect(creditCodeFault('91110105MA01CHEN75')).toBeNull()
    expect(creditCodeFault('91110105MA01CHEN74')).toBe('checksum')
    expect(creditCodeFault('91110105MA01CHEN7')).toBe('length')
    expect(creditCodeFault('91110105MA01CHENI5')).toBe('characters')
  })

  it('read an amount as people type it', () => {
    expect(parseYuan('0.37')).toBe(37)
    expect(parseYuan('¥ 0,3')).toBe(30)
    expect(parseYuan('１.05元')).toBe(105)
    expect(parseYuan('0.375')).toBeNull()
    expect(parseYuan('many')).toBeNull()
    expect(yuan(37, 'en')).toContain('0.37')
  })

  it('tick off the rules of a PIN', () => {
    expect(pinRules('730591', '730591')).toEqual({ length: true, easy: true, same: true })
    expect(pinRules('123456', '')).toMatchObject({ length: true, easy: false, same: false })
    expect(pinRules('654321', '').easy).toBe(false)
    expect(pinRules('121212', '').easy).toBe(false)
    expect(pinRules('19860214', '').easy).toBe(false)
    expect(pinRules('860214', '').easy).toBe(false)
    expect(pinRules('12345', '12345')).toEqual({ length: false, easy: false, same: false })
  })

  it('take the name out of a distinguished name', () => {
    expect(commonName('CN=Vermilion Test Issuing CA,O=Vermilion Test Trust,C=CN')).toBe('Vermilion Test Issuing CA')
    expect(commonName('O=A, CN=B\\, Ltd')).toBe('B, Ltd')
    expect(commonName('陈晓雨')).toBe('陈晓雨')
  })

  it('wait out a lost connection', async () => {
    let tries = 0
    const load = async () => {
      tries += 1
      if (tries < 3) throw new TypeError('offline')
      return 'screen'
    }
    await expect(patiently(load, [1, 1])).resolves.toBe('screen')
    await expect(patiently(() => Promise.reject(new Error('gone')), [1])).rejects.toThrow('gone')
  })
})
