import { type ComponentType, lazy } from 'react'

const pauses = [400, 1200, 3000] // in ms, before each further attempt

/** A screen that is loaded when it is first shown; a connection lost for a moment (a phone in a lift) is waited out. */
export function lazyScreen<Props extends object>(load: () => Promise<ComponentType<Props>>) {
  return lazy(async () => ({ default: await patiently(load) }))
}

export async function patiently<T>(load: () => Promise<T>, waits: readonly number[] = pauses): Promise<T> {
  for (const wait of waits) {
    try {
      return await load()
    } catch {
      await new Promise((resolve) => setTimeout(resolve, wait))
    }
  }
  return load()
}
