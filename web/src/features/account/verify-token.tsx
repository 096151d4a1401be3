import { Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { verifyEmail } from '@/api/account'
import { AccountForm, PasswordField } from './account-form'
import { useSetAccount } from './session'

/** The link shows that the address is theirs, the password which sign-up: then they are logged in. */
export function VerifyToken({ token }: { token: string }) {
  const { t } = useTranslation('account')
  const navigate = useNavigate()
  const setAccount = useSetAccount()
  const act = useMutation({
    mutationFn: (password: string) => verifyEmail({ token, password }),
    onSuccess: async (account) => {
      await setAccount(account)
      await navigate({ to: '/envelopes', replace: true })
    },
  })
  return (
    <AccountForm
      act={act}
      fields={['password']}
      onSubmit={(typed) => act.mutate(typed('password'))}
      submit={t('verify.submit')}
      below={<Link to="/forgot">{t('login.forgot')}</Link>}
    >
      <Text>{t('verify.lead')}</Text>
      <PasswordField autoComplete="current-password" />
    </AccountForm>
  )
}
