/** Where a sign-in at a directory began: the way back, should it fail. Nothing secret. */
const key = 'vermilion-directory-from'

/** Leaves for the directory. The browser's own Back leads here again. */
export function leaveFor(address: string) {
  try {
    sessionStorage.setItem(key, window.location.pathname)
  } catch {
    // Without storage the way back is the first page.
  }
  window.location.assign(address)
}

/** A path of this site, never another's. */
export function cameFrom(): string {
  try {
    const path = sessionStorage.getItem(key) ?? '/'
    return /^\/(?!\/)[\w/-]*$/.test(path) ? path : '/'
  } catch {
    return '/'
  }
}
