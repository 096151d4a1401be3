import { api, data } from '@/api/client'
import type {
  Agreement,
  AuthorizationInput,
  DataPurpose,
  IdentityInput,
  ImpressionInput,
  OrganizationFaceInput,
  PicturePart,
  WillChoice,
} from '@/api/types'
import { upload } from '@/api/upload'
import type { Locale } from '@/i18n/locale'
import type { Ceremony } from './ceremony-types'

const at = (rcp: string) => ({ params: { path: { rcp } } })

export const loadCeremony = (rcp: string) => data(api.GET('/api/v1/signing/{rcp}', at(rcp)))

/** Exchanges the link's secret for this browser's cookie. */
export const openLink = (rcp: string, token: string) =>
  data(api.POST('/api/v1/signing/{rcp}/session', { ...at(rcp), body: { token } }))

export const viewRequest = (rcp: string) => data(api.POST('/api/v1/signing/{rcp}/view', { ...at(rcp), body: {} }))

export const giveConsent = (rcp: string, body: { version: string; locale: Locale }) =>
  data(api.POST('/api/v1/signing/{rcp}/consent', { ...at(rcp), body }))

export const decline = (rcp: string, reason: string) =>
  data(api.POST('/api/v1/signing/{rcp}/decline', { ...at(rcp), body: { reason } }))

export const checkIdentity = (rcp: string, body: IdentityInput) =>
  data(api.POST('/api/v1/signing/{rcp}/identity', { ...at(rcp), body }))

export const confirmCode = (rcp: string, code: string) =>
  data(api.POST('/api/v1/signing/{rcp}/identity/code', { ...at(rcp), body: { code } }))

export const resendCode = (rcp: string) =>
  data(api.POST('/api/v1/signing/{rcp}/identity/resend', { ...at(rcp), body: {} }))

export const restartIdentity = (rcp: string) =>
  data(api.POST('/api/v1/signing/{rcp}/identity/restart', { ...at(rcp), body: {} }))

export const pollIdentity = (rcp: string) =>
  data(api.POST('/api/v1/signing/{rcp}/identity/poll', { ...at(rcp), body: {} }))

export const refuseIdentity = (rcp: string, body: { purpose: DataPurpose; locale: Locale }) =>
  data(api.POST('/api/v1/signing/{rcp}/identity/refuse', { ...at(rcp), body }))

export const addPicture = (rcp: string, part: PicturePart, picture: Blob) =>
  upload<Ceremony>(`/api/v1/signing/${encodeURIComponent(rcp)}/pictures/${part}`, picture, {
    method: 'PUT',
    type: picture.type || 'application/octet-stream',
  })

export const submitPictures = (rcp: string) =>
  data(api.POST('/api/v1/signing/{rcp}/pictures/submit', { ...at(rcp), body: {} }))

export const checkOrganization = (
  rcp: string,
  body: { name: string; credit_code: string; legal_representative: string; legal_representative_id?: string },
) => data(api.POST('/api/v1/signing/{rcp}/organization', { ...at(rcp), body }))

export const sendPayment = (rcp: string, body: { account_number: string; bank?: string }) =>
  data(api.POST('/api/v1/signing/{rcp}/organization/payment', { ...at(rcp), body }))

export const confirmPayment = (rcp: string, amount_fen: number) =>
  data(api.POST('/api/v1/signing/{rcp}/organization/payment/confirm', { ...at(rcp), body: { amount_fen } }))

/** A verified signer shows their face, to act as the legal representative. */
export const showFace = (rcp: string, body: OrganizationFaceInput) =>
  data(api.POST('/api/v1/signing/{rcp}/organization/face', { ...at(rcp), body }))

export const leadOrganization = (rcp: string) =>
  data(api.POST('/api/v1/signing/{rcp}/organization/legal-representative', at(rcp)))

export const askAuthorization = (rcp: string, body: AuthorizationInput) =>
  data(api.POST('/api/v1/signing/{rcp}/organization/authorization', { ...at(rcp), body }))

export const remindAuthorization = (rcp: string) =>
  data(api.POST('/api/v1/signing/{rcp}/organization/authorization/remind', at(rcp)))

export const withdrawAuthorization = (rcp: string) =>
  data(api.POST('/api/v1/signing/{rcp}/organization/authorization/withdraw', at(rcp)))

export const beginLetter = (rcp: string) =>
  data(api.POST('/api/v1/signing/{rcp}/organization/letter', { ...at(rcp), body: {} }))

export const withdrawLetter = (rcp: string) =>
  data(api.POST('/api/v1/signing/{rcp}/organization/letter/withdraw', { ...at(rcp), body: {} }))

/** The letter as it is to be sealed. */
export const letterUrl = (rcp: string) => `/api/v1/signing/${encodeURIComponent(rcp)}/organization/letter`

export const saveFields = (rcp: string, values: { id: string; value: string }[]) =>
  data(api.PUT('/api/v1/signing/{rcp}/fields', { ...at(rcp), body: { values } }))

export const makeImpression = (rcp: string, body: ImpressionInput) =>
  data(api.POST('/api/v1/signing/{rcp}/impressions', { ...at(rcp), body }))

export const previewImpression = (rcp: string, body: ImpressionInput) =>
  data(api.POST('/api/v1/signing/{rcp}/impressions/preview', { ...at(rcp), body }))

export const adoptImpression = (rcp: string, id: string) =>
  data(api.PUT('/api/v1/signing/{rcp}/impression', { ...at(rcp), body: { id } }))

export const makeKey = (rcp: string, pin: string, custody: 'pin' | 'pkcs11') =>
  data(api.POST('/api/v1/signing/{rcp}/key', { ...at(rcp), body: { pin, custody } }))

export const askPasskey = (rcp: string, custody: 'passkey' | 'pkcs11') =>
  data(api.POST('/api/v1/signing/{rcp}/passkey/options', { ...at(rcp), body: { custody } }))

export const makePasskeyKey = (
  rcp: string,
  body: { id: string; custody: 'passkey' | 'pkcs11'; credential: string; assertion?: string },
) => data(api.POST('/api/v1/signing/{rcp}/passkey', { ...at(rcp), body }))

export const askDevice = (rcp: string) =>
  data(api.POST('/api/v1/signing/{rcp}/device/options', { ...at(rcp), body: {} }))

export const certifyDevice = (rcp: string, body: { id: string; public_key: string; proof: string }) =>
  data(api.POST('/api/v1/signing/{rcp}/device', { ...at(rcp), body }))

export const loadKeys = (rcp: string) => data(api.GET('/api/v1/signing/{rcp}/keys', at(rcp)))

export const giveUpKey = (rcp: string, key: string) =>
  data(api.POST('/api/v1/signing/{rcp}/keys/{key}/give-up', { params: { path: { rcp, key } }, body: {} }))

export const replaceKey = (rcp: string) => data(api.POST('/api/v1/signing/{rcp}/key/replace', { ...at(rcp), body: {} }))

export const sign = (rcp: string, pin: string, locale: Locale, ceremony: Ceremony) => {
  const documents = ceremony.envelope.documents.map(({ id, sha256 }) => ({ id, sha256 }))
  return data(api.POST('/api/v1/signing/{rcp}/sign', { ...at(rcp), body: { pin, locale, documents } }))
}

/** What exactly will be signed, for the passkey to agree to. */
export const offerActivation = (rcp: string, locale: Locale, ceremony: Ceremony, will: WillChoice = {}) => {
  const documents = ceremony.envelope.documents.map(({ id, sha256 }) => ({ id, sha256 }))
  return data(api.POST('/api/v1/signing/{rcp}/activations', { ...at(rcp), body: { locale, documents, will } }))
}

/** How the check of the will stands; a provider is asked about a face. */
export const pollWill = (rcp: string, act: string) =>
  data(api.POST('/api/v1/signing/{rcp}/activations/{act}/will', { params: { path: { rcp, act } }, body: {} }))

export const askWillPasskey = (rcp: string) =>
  data(api.POST('/api/v1/signing/{rcp}/will/passkey/options', { ...at(rcp), body: {} }))

export const registerWillPasskey = (rcp: string, body: { id: string; credential: string }) =>
  data(api.POST('/api/v1/signing/{rcp}/will/passkey', { ...at(rcp), body }))

export const signActivation = (rcp: string, act: string, opened: Agreement) =>
  data(
    api.POST('/api/v1/signing/{rcp}/activations/{act}/sign', {
      params: { path: { rcp, act } },
      body: opened,
    }),
  )

/** What opened the keys, for anyone to check offline. */
export const proofUrl = (rcp: string) => `/api/v1/signing/${encodeURIComponent(rcp)}/proof`

export function documentUrl(rcp: string, documentId: string, download = false): string {
  const path = `/api/v1/signing/${encodeURIComponent(rcp)}/documents/${encodeURIComponent(documentId)}/content`
  return download ? `${path}?download=1` : path
}
