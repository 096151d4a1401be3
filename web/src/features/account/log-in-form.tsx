import { useMutation } from '@tanstack/react-query'
import { Link, useRouter } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { logIn } from '@/api/account'
import { toProblem } from '@/api/problem'
import { LinkButton } from '@/ui/link-button'
import { AccountForm, EmailField, PasswordField } from './account-form'
import { useSetAccount } from './session'

export function LogInForm({ next = '/envelopes' }: { next?: string }) {
  const { t } = useTranslation('account')
  const router = useRouter()
  const setAccount = useSetAccount()
  const act = useMutation({
    mutationFn: logIn,
    onSuccess: async (account) => {
      await setAccount(account)
      router.history.push(next)
    },
  })
  return (
    <AccountForm
      act={act}
      fields={['email', 'password']}
      onSubmit={(typed) => act.mutate({ email: typed('email').trim(), password: typed('password') })}
      submit={t('login.submit')}
      afterProblem={
        toProblem(act.error).code === 'email_unverified' ? (
          <div>
            <LinkButton to="/verify-email" search={{ email: act.variables?.email }} variant="default" size="sm" mt="sm">
              {t('verify.go')}
            </LinkButton>
          </div>
        ) : null
      }
      below={<Link to="/forgot">{t('login.forgot')}</Link>}
    >
      <EmailField autoComplete="username" />
      <PasswordField autoComplete="current-password" />
    </AccountForm>
  )
}
