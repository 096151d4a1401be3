/** The secret of a mailed link: `#token=…`. In the fragment, so that no server log ever has it. */
export function fragmentToken(hash: string): string | null {
  return new URLSearchParams(hash.replace(/^#/, '')).get('token') || null
}
