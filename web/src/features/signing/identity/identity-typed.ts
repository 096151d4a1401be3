import { useState } from 'react'
import type { DocumentKind, MethodName } from './identity-methods'

/** What was typed and which way was wanted: kept by the step while the page waits for an answer, and gone with it. */
export function useIdentityTyped(name: string) {
  const [values, setValues] = useState({
    name,
    document: 'resident_id' as DocumentKind,
    id_number: '',
    phone: '',
    bank_card: '',
  })
  const [wanted, setWanted] = useState<MethodName>('three_elements')
  return { values, setValues, wanted, setWanted }
}

export type IdentityTyped = ReturnType<typeof useIdentityTyped>
