import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Link, useRouter } from '@tanstack/react-router'
import { type FormEvent, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { logIn } from '@/api/account'
import { toProblem } from '@/api/problem'
import { LinkButton } from '@/ui/link-button'
import { ProblemAlert } from '@/ui/problem-alert'
import { focusFirstInvalid, useFormProblem } from './form-problem'
import { useSetAccount } from './session'

export function LogInForm({ next = '/envelopes' }: { next?: string }) {
  const { t } = useTranslation('account')
  const router = useRouter()
  const setAccount = useSetAccount()
  const form = useRef<HTMLFormElement>(null)
  const mutation = useMutation({
    mutationFn: logIn,
    onSuccess: async (account) => {
      await setAccount(account)
      router.history.push(next)
    },
    onError: () => focusFirstInvalid(form.current),
  })
  const { under, above } = useFormProblem(mutation.error, ['email', 'password'])

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const values = new FormData(event.currentTarget)
    mutation.mutate({ email: String(values.get('email')).trim(), password: String(values.get('password')) })
  }
  const unverified = above ? toProblem(above).code === 'email_unverified' : false

  return (
    <form ref={form} onSubmit={submit} noValidate>
      <Stack gap="md">
        <ProblemAlert error={above} takeFocus>
          {unverified ? (
            <div>
              <LinkButton
                to="/verify-email"
                search={{ email: mutation.variables?.email }}
                variant="default"
                size="sm"
                mt="sm"
              >
                {t('verify.go')}
              </LinkButton>
            </div>
          ) : null}
        </ProblemAlert>
        <TextInput
          name="email"
          type="email"
          inputMode="email"
          label={t('field.email')}
          autoComplete="username"
          error={under('email')}
          required
          withAsterisk={false}
        />
        <PasswordInput
          name="password"
          label={t('field.password')}
          autoComplete="current-password"
          error={under('password')}
          aria-invalid={under('password') ? true : undefined}
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ 'aria-label': t('field.show_password') }}
        />
        <Button type="submit" loading={mutation.isPending}>
          {t('login.submit')}
        </Button>
        <Link to="/forgot">{t('login.forgot')}</Link>
      </Stack>
    </form>
  )
}
