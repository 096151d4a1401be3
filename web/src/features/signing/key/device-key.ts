import type { DeviceOptions } from '@/api/types'

/** This browser does not hold the key that the certificate names. */
export class DeviceKeyMissing extends Error {
  constructor() {
    super('device_key_missing')
    this.name = 'DeviceKeyMissing'
  }
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256' } as const
const signing = { name: 'ECDSA', hash: 'SHA-256' } as const

/** Whether this browser can make a key that never leaves it, and keep it. */
export function deviceKeysWork(): boolean {
  return typeof window.indexedDB === 'object' && window.isSecureContext && typeof crypto.subtle === 'object'
}

/** A key that this browser cannot give away: its public half, and that it is at hand. */
export async function makeDeviceKey(options: DeviceOptions): Promise<{ public_key: string; proof: string }> {
  const pair = await crypto.subtle.generateKey(algorithm, false, ['sign'])
  const spki = await crypto.subtle.exportKey('spki', pair.publicKey)
  const before = fromBase64(options.possession)
  const behind = fromBase64(options.behind)
  const message = new Uint8Array(before.length + spki.byteLength + behind.length)
  message.set(before)
  message.set(new Uint8Array(spki), before.length)
  message.set(behind, before.length + spki.byteLength)
  const proof = await crypto.subtle.sign(signing, pair.privateKey, message)
  await keep(await digestOf(spki), pair.privateKey)
  return { public_key: toBase64(spki), proof: toBase64(proof) }
}

/** Signs what the server sent, with the key that the activation names. */
export async function signOnDevice(canonical: string, toBeSigned: string): Promise<string> {
  const { public_key } = JSON.parse(canonical) as { public_key: string }
  const key = await find(public_key)
  if (!key) throw new DeviceKeyMissing()
  return toBase64(await crypto.subtle.sign(signing, key, fromBase64(toBeSigned)))
}

const shelf = 'keys'

function opened(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('vermilion-signing', 1)
    request.onupgradeneeded = () => request.result.createObjectStore(shelf)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

async function within<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await opened()
  try {
    return await new Promise((resolve, reject) => {
      const request = act(database.transaction(shelf, mode).objectStore(shelf))
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
  } finally {
    database.close()
  }
}

const keep = (id: string, key: CryptoKey) => within('readwrite', (store) => store.put(key, id))
const find = (id: string) => within<CryptoKey | undefined>('readonly', (store) => store.get(id))

async function digestOf(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

const toBase64 = (bytes: ArrayBuffer) =>
  btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join(''))
const fromBase64 = (text: string) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
