export const mostImageBytes = 4_000_000

export type ImageFault = 'format' | 'size'

/** What can be said of an image before it is sent; the server looks into it. */
export function imageFault(file: { type: string; size: number }): ImageFault | null {
  if (!['image/png', 'image/jpeg'].includes(file.type)) return 'format'
  return file.size > mostImageBytes ? 'size' : null
}

export async function readBase64(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let binary = ''
  const step = 0x8000
  for (let at = 0; at < bytes.length; at += step) {
    binary += String.fromCharCode(...bytes.subarray(at, at + step))
  }
  return btoa(binary)
}
