import { Button, PasswordInput, Stack } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { setPassword } from '@/api/account'
import { LinkButton } from '@/ui/link-button'
import { ProblemAlert } from '@/ui/problem-alert'
import { focusFirstInvalid, useFormProblem } from './form-problem'
import { useSetAccount } from './session'

export function NewPasswordForm({ token }: { token: string }) {
  const { t } = useTranslation('account')
  const navigate = useNavigate()
  const setAccount = useSetAccount()
  const form = useRef<HTMLFormElement>(null)
  const mutation = useMutation({
    mutationFn: (password: string) => setPassword({ token, password }),
    onSuccess: async (account) => {
      await setAccount(account)
      await navigate({ to: '/envelopes', replace: true })
    },
    onError: () => focusFirstInvalid(form.current),
  })
  const { under, above } = useFormProblem(mutation.error, ['password'])

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    mutation.mutate(String(new FormData(event.currentTarget).get('password')))
  }
  return (
    <form ref={form} onSubmit={submit} noValidate>
      <Stack gap="md">
        <ProblemAlert error={above} takeFocus>
          <div>
            <LinkButton to="/forgot" variant="default" size="sm" mt="sm">
              {t('reset.ask_again')}
            </LinkButton>
          </div>
        </ProblemAlert>
        <PasswordInput
          name="password"
          label={t('reset.password')}
          description={t('signup.password_hint')}
          autoComplete="new-password"
          error={under('password')}
          aria-invalid={under('password') ? true : undefined}
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ 'aria-label': t('field.show_password') }}
        />
        <Button type="submit" loading={mutation.isPending}>
          {t('reset.submit')}
        </Button>
      </Stack>
    </form>
  )
}
