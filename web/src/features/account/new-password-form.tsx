import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { setPassword } from '@/api/account'
import { LinkButton } from '@/ui/link-button'
import { AccountForm, PasswordField } from './account-form'
import { useSetAccount } from './session'

export function NewPasswordForm({ token }: { token: string }) {
  const { t } = useTranslation('account')
  const navigate = useNavigate()
  const setAccount = useSetAccount()
  const act = useMutation({
    mutationFn: (password: string) => setPassword({ token, password }),
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
      submit={t('reset.submit')}
      afterProblem={
        <div>
          <LinkButton to="/forgot" variant="default" size="sm" mt="sm">
            {t('reset.ask_again')}
          </LinkButton>
        </div>
      }
    >
      <PasswordField label={t('reset.password')} description={t('signup.password_hint')} autoComplete="new-password" />
    </AccountForm>
  )
}
