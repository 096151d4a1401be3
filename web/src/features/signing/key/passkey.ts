import type { Activation, ActivationPasskey, PasskeyOptions } from '@/api/types'
import type { CeremonyKey } from '@/features/signing/ceremony-types'

/** The person closed the browser's own dialog, or let it run out. */
export class PasskeyCancelled extends Error {
  constructor() {
    super('passkey_cancelled')
    this.name = 'PasskeyCancelled'
  }
}

/** Whether this page may use passkeys: the browser has them, and the page stands under the server's domain. */
export function passkeysWork({ relying_party }: Pick<CeremonyKey, 'relying_party'>): boolean {
  const host = window.location.hostname
  return (
    relying_party !== null &&
    typeof window.PublicKeyCredential === 'function' &&
    window.isSecureContext &&
    (host === relying_party || host.endsWith(`.${relying_party}`))
  )
}

/** A new passkey, and what its function gave: at once, or in a second step where the authenticator needs one. */
export async function createPasskey(options: PasskeyOptions): Promise<{ credential: string; assertion?: string }> {
  const { made, credential } = await registerPasskey(options)
  const results = made.getClientExtensionResults().prf
  if (!results?.enabled || results.results?.first) return { credential }
  const challenge = fromBase64Url(options.challenge)
  return { credential, assertion: await assert(challenge, options.relying_party, made.id, options.prf) }
}

/** A new passkey. */
export async function registerPasskey(
  options: PasskeyOptions,
): Promise<{ made: PublicKeyCredential; credential: string }> {
  const challenge = fromBase64Url(options.challenge)
  const made = await asked(() =>
    navigator.credentials.create({
      publicKey: {
        rp: { id: options.relying_party, name: 'Vermilion' },
        user: { id: fromBase64Url(options.user_id), name: options.user_name, displayName: options.user_name },
        challenge,
        pubKeyCredParams: options.algorithms.map((alg) => ({ type: 'public-key', alg })),
        excludeCredentials: options.exclude.map((id) => ({ type: 'public-key', id: fromBase64Url(id) })),
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
        attestation: 'none',
        extensions: prf(options.prf),
      },
    }),
  )
  return { made, credential: JSON.stringify(registrationJson(made)) }
}

/**
 * The passkey agrees to the activation: the challenge is the digest of what the server says will be signed. Whoever asks has
 * compared that with what the page showed (`mustBeShown`).
 */
export async function agreeTo({ canonical }: Activation, asked: ActivationPasskey): Promise<string> {
  const challenge = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(canonical))
  return assert(challenge, asked.relying_party, asked.credential_id, asked.prf ?? undefined)
}

async function assert(challenge: BufferSource, rpId: string, id: string, salt?: string): Promise<string> {
  const got = await asked(() =>
    navigator.credentials.get({
      publicKey: {
        challenge,
        rpId,
        allowCredentials: [{ type: 'public-key', id: fromBase64Url(id) }],
        userVerification: 'required',
        extensions: salt ? prf(salt) : {},
      },
    }),
  )
  return JSON.stringify(assertionJson(got))
}

const prf = (salt: string): AuthenticationExtensionsClientInputs => ({ prf: { eval: { first: fromBase64Url(salt) } } })

async function asked(ask: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  try {
    const credential = await ask()
    if (credential instanceof PublicKeyCredential) return credential
  } catch (error) {
    if (!(error instanceof DOMException)) throw error
  }
  throw new PasskeyCancelled()
}

function registrationJson(credential: PublicKeyCredential) {
  const response = credential.response as AuthenticatorAttestationResponse
  return {
    ...common(credential),
    response: {
      clientDataJSON: toBase64Url(response.clientDataJSON),
      attestationObject: toBase64Url(response.attestationObject),
    },
  }
}

function assertionJson(credential: PublicKeyCredential) {
  const response = credential.response as AuthenticatorAssertionResponse
  return {
    ...common(credential),
    response: {
      clientDataJSON: toBase64Url(response.clientDataJSON),
      authenticatorData: toBase64Url(response.authenticatorData),
      signature: toBase64Url(response.signature),
    },
  }
}

function common(credential: PublicKeyCredential) {
  const { prf: output } = credential.getClientExtensionResults()
  const first = output?.results?.first
  return {
    id: credential.id,
    rawId: toBase64Url(credential.rawId),
    type: credential.type,
    clientExtensionResults: output
      ? { prf: { enabled: output.enabled ?? false, ...(first ? { results: { first: toBase64Url(first) } } : {}) } }
      : {},
  }
}

export function toBase64Url(source: BufferSource): string {
  const bytes = ArrayBuffer.isView(source)
    ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
    : new Uint8Array(source)
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}
