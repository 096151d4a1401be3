import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { signUp } from '@/api/account'
import { currentLocale } from '@/i18n/i18n'
import { ProblemAlert } from '@/ui/problem-alert'
import { focusFirstInvalid, useFormProblem } from './form-problem'

export function SignUpForm() {
  const { t } = useTranslation('account')
  const navigate = useNavigate()
  const form = useRef<HTMLFormElement>(null)
  const mutation = useMutation({
    mutationFn: signUp,
    onSuccess: (_, { email }) => navigate({ to: '/verify-email', search: { email } }),
    onError: () => focusFirstInvalid(form.current),
  })
  const { under, above } = useFormProblem(mutation.error, ['name', 'email', 'password'])

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const values = new FormData(event.currentTarget)
    mutation.mutate({
      name: String(values.get('name')).trim(),
      email: String(values.get('email')).trim(),
      password: String(values.get('password')),
      locale: currentLocale(),
    })
  }

  return (
    <form ref={form} onSubmit={submit} noValidate>
      <Stack gap="md">
        <ProblemAlert error={above} takeFocus />
        <TextInput
          name="name"
          label={t('field.name')}
          description={t('signup.name_hint')}
          autoComplete="name"
          error={under('name')}
          required
          withAsterisk={false}
        />
        <TextInput
          name="email"
          type="email"
          inputMode="email"
          label={t('field.email')}
          autoComplete="email"
          error={under('email')}
          required
          withAsterisk={false}
        />
        <PasswordInput
          name="password"
          label={t('field.password')}
          description={t('signup.password_hint')}
          autoComplete="new-password"
          error={under('password')}
          aria-invalid={under('password') ? true : undefined}
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ 'aria-label': t('field.show_password') }}
        />
        <Button type="submit" loading={mutation.isPending}>
          {t('signup.submit')}
        </Button>
      </Stack>
    </form>
  )
}
