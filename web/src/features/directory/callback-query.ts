import type { StaffCallback } from './api'

/** The directory's answer in the address; none where there is no state. Texts for people in it are not shown: they are a stranger's. */
export function callbackFrom(search: string): StaffCallback | null {
  const query = new URLSearchParams(search)
  const state = query.get('state')
  if (!state) return null
  return { state, code: query.get('code'), iss: query.get('iss'), error: query.get('error') }
}
