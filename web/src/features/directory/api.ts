import { api, data } from '@/api/client'
import type { components } from '@/api/schema'
import type { Locale } from '@/i18n/locale'

type Schemas = components['schemas']
export type AccountOrganizations = Schemas['AccountOrganizations']
export type AccountOrganization = Schemas['AccountOrganization']
export type Directory = Schemas['Directory']
export type DirectoryInput = Schemas['DirectoryInput']
export type StaffProof = Schemas['StaffProof']
export type StaffCallback = Schemas['StaffCallback']

export const organizationsKey = ['organizations'] as const

export const loadOrganizations = () => data(api.GET('/api/v1/organizations'))

export const configureDirectory = (org: string, body: DirectoryInput) =>
  data(api.PUT('/api/v1/organizations/{org}/directory', { params: { path: { org } }, body }))

export const removeDirectory = (org: string) =>
  data(api.DELETE('/api/v1/organizations/{org}/directory', { params: { path: { org } } }))

/** The signer's account administers the organization for which they were verified as agent. */
export const administer = (rcp: string) =>
  data(api.POST('/api/v1/signing/{rcp}/organization/administrator', { params: { path: { rcp } }, body: {} }))

export const beginForAccount = (org: string) =>
  data(api.POST('/api/v1/organizations/{org}/staff', { params: { path: { org } }, body: {} }))

export const beginForSigner = (rcp: string, locale: Locale) =>
  data(api.POST('/api/v1/signing/{rcp}/staff', { params: { path: { rcp } }, body: { locale } }))

export const finishSignIn = (body: StaffCallback) => data(api.POST('/api/v1/directory/callback', { body }))

export const peopleKey = (org: string) => ['organizations', org, 'people'] as const

const at = (org: string) => ({ params: { path: { org } } })

export const loadPeople = (org: string) => data(api.GET('/api/v1/organizations/{org}/people', at(org)))

export const removeAdministrator = (org: string, account: string) =>
  data(api.DELETE('/api/v1/organizations/{org}/administrators/{account}', { params: { path: { org, account } } }))

export const withdrawStatement = (org: string, statement: string) =>
  data(
    api.POST('/api/v1/organizations/{org}/statements/{statement}/withdraw', {
      params: { path: { org, statement } },
      body: {},
    }),
  )
