import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { signUp } from '@/api/account'
import { currentLocale } from '@/i18n/i18n'
import { AccountForm, EmailField, NameField, PasswordField } from './account-form'

export function SignUpForm() {
  const { t } = useTranslation('account')
  const navigate = useNavigate()
  const act = useMutation({
    mutationFn: signUp,
    onSuccess: (_, { email }) => navigate({ to: '/verify-email', search: { email } }),
  })
  return (
    <AccountForm
      act={act}
      fields={['name', 'email', 'password']}
      onSubmit={(typed) =>
        act.mutate({
          name: typed('name').trim(),
          email: typed('email').trim(),
          password: typed('password'),
          locale: currentLocale(),
        })
      }
      submit={t('signup.submit')}
    >
      <NameField description={t('signup.name_hint')} />
      <EmailField autoComplete="email" />
      <PasswordField description={t('signup.password_hint')} autoComplete="new-password" />
    </AccountForm>
  )
}
