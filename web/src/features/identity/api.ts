import { queryOptions } from '@tanstack/react-query'
import { api, data } from '@/api/client'
import type { components } from '@/api/schema'
import type { DataPurpose, IdentityInput, PicturePart } from '@/api/types'
import { upload } from '@/api/upload'
import type { Locale } from '@/i18n/locale'

type Schemas = components['schemas']
export type MyIdentity = Schemas['MyIdentity']
export type LinkedPerson = Schemas['LinkedPerson']
export type PassedCheck = Schemas['PassedCheck']
export type GivenConsent = Schemas['GivenConsent']
export type MyOrganization = Schemas['MyOrganization']
export type OrganizationAgent = Schemas['OrganizationAgent']

export const myIdentityQuery = queryOptions({
  queryKey: ['identity', 'mine'],
  queryFn: () => data(api.GET('/api/v1/identity')),
})

export const myKeysQuery = queryOptions({
  queryKey: ['keys', 'mine'],
  queryFn: () => data(api.GET('/api/v1/keys')),
})

export const giveUpMyKey = (key: string) =>
  data(api.POST('/api/v1/keys/{key}/give-up', { params: { path: { key } }, body: {} }))

export const checkMine = (body: IdentityInput) => data(api.POST('/api/v1/identity/check', { body }))

export const confirmMine = (code: string) => data(api.POST('/api/v1/identity/code', { body: { code } }))

export const resendMine = () => data(api.POST('/api/v1/identity/resend', { body: {} }))

export const restartMine = () => data(api.POST('/api/v1/identity/restart', { body: {} }))

export const pollMine = () => data(api.POST('/api/v1/identity/poll', { body: {} }))

export const refuseMine = (body: { purpose: DataPurpose; locale: Locale }) =>
  data(api.POST('/api/v1/identity/refuse', { body }))

export const addMyPicture = (part: PicturePart, picture: Blob) =>
  upload<MyIdentity>(`/api/v1/identity/pictures/${part}`, picture, {
    method: 'PUT',
    type: picture.type || 'application/octet-stream',
  })

export const submitMyPictures = () => data(api.POST('/api/v1/identity/pictures/submit', { body: {} }))

export const withdrawConsent = (body: { purpose: DataPurpose; locale: Locale }) =>
  data(api.POST('/api/v1/identity/consent/withdraw', { body }))

export const eraseMe = () => data(api.POST('/api/v1/identity/erase', { body: {} }))

export const unlinkMe = () => data(api.POST('/api/v1/identity/unlink', { body: {} }))

/** The account that is logged in is the signer's own. */
export const linkSigner = (rcp: string) =>
  data(api.POST('/api/v1/signing/{rcp}/account', { params: { path: { rcp } }, body: {} }))

export const myOrganizationsQuery = queryOptions({
  queryKey: ['organizations', 'mine'],
  queryFn: () => data(api.GET('/api/v1/identity/organizations')),
})

export const revokeAgent = (org: string, agent: string, reason: 'dismissed' | 'misused') =>
  data(
    api.POST('/api/v1/organizations/{org}/agents/{agent}/revoke', {
      params: { path: { org, agent } },
      body: { reason },
    }),
  )
