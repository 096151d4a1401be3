import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { askPasswordReset } from '@/api/account'
import { AccountForm, EmailField } from './account-form'
import { CheckMail } from './check-mail'

export function ForgotForm() {
  const { t } = useTranslation('account')
  const act = useMutation({ mutationFn: askPasswordReset })
  if (act.isSuccess) return <CheckMail text={t('forgot.sent', { email: act.variables })} />
  return (
    <AccountForm
      act={act}
      fields={['email']}
      onSubmit={(typed) => act.mutate(typed('email').trim())}
      submit={t('forgot.submit')}
    >
      <EmailField autoComplete="username" />
    </AccountForm>
  )
}
