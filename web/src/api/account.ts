import { queryOptions } from '@tanstack/react-query'
import { api, data } from './client'
import type { Account } from './types'

export const serverQuery = queryOptions({
  queryKey: ['server'],
  queryFn: () => data(api.GET('/api/v1/server')),
  staleTime: 5 * 60_000,
})

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async (): Promise<Account | null> => (await data(api.GET('/api/v1/session'))).account ?? null,
  staleTime: 60_000,
})

export interface SignUp {
  email: string
  password: string
  name: string
  locale: 'en' | 'zh-CN'
}

export const signUp = (body: SignUp) => data(api.POST('/api/v1/accounts', { body }))

export const logIn = async (body: { email: string; password: string }) =>
  (await data(api.POST('/api/v1/sessions', { body }))).account

/** The password again: it counts for ten minutes. */
export const confirmSession = (password: string) => data(api.POST('/api/v1/session/confirm', { body: { password } }))

export const logOut = () => data(api.DELETE('/api/v1/sessions/current'))

export const verifyEmail = async (body: { token: string; password: string }) =>
  (await data(api.POST('/api/v1/accounts/verify', { body }))).account

export const resendVerification = (email: string) => data(api.POST('/api/v1/accounts/resend', { body: { email } }))

export const askPasswordReset = (email: string) =>
  data(api.POST('/api/v1/accounts/password-reset', { body: { email } }))

export const setPassword = async (body: { token: string; password: string }) =>
  (await data(api.POST('/api/v1/accounts/password', { body }))).account

export const changeAccount = async (body: { name?: string; locale?: 'en' | 'zh-CN' }) =>
  (await data(api.PATCH('/api/v1/accounts/me', { body }))).account
