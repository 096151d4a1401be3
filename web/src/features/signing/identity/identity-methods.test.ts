import { describe, expect, it } from 'vitest'
import { documentKinds, isFace, methodFor, type Offered } from './identity-methods'

const offered = (method: Offered['method'], documents: Offered['documents']): Offered => ({
  method,
  documents,
  provider: 'sandbox',
  assurance: 'low',
})

const methods = [
  offered('three_elements', ['resident_id', 'passport']),
  offered('face_alipay', ['resident_id', 'travel_permit_tw']),
]

describe('ways to be verified', () => {
  it('keeps the wanted way where the document allows it', () => {
    expect(methodFor(methods, 'resident_id', 'face_alipay')).toBe('face_alipay')
    expect(methodFor(methods, 'passport', 'face_alipay')).toBe('three_elements')
    expect(methodFor(methods, 'travel_permit_tw', 'three_elements')).toBe('face_alipay')
    expect(methodFor(methods, 'permanent_resident', 'three_elements')).toBeNull()
  })

  it('names each kind of document once', () => {
    expect(documentKinds(methods)).toEqual(['resident_id', 'passport', 'travel_permit_tw'])
    expect([isFace('face_wechat'), isFace('two_elements'), isFace(null)]).toEqual([true, false, false])
  })
})
