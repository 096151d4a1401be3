import { Button, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { askPasswordReset } from '@/api/account'
import { ProblemAlert } from '@/ui/problem-alert'
import { CheckMail } from './check-mail'
import { focusFirstInvalid, useFormProblem } from './form-problem'

export function ForgotForm() {
  const { t } = useTranslation('account')
  const form = useRef<HTMLFormElement>(null)
  const mutation = useMutation({
    mutationFn: askPasswordReset,
    onError: () => focusFirstInvalid(form.current),
  })
  const { under, above } = useFormProblem(mutation.error, ['email'])

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    mutation.mutate(String(new FormData(event.currentTarget).get('email')).trim())
  }
  if (mutation.isSuccess) return <CheckMail text={t('forgot.sent', { email: mutation.variables })} />
  return (
    <form ref={form} onSubmit={submit} noValidate>
      <Stack gap="md">
        <ProblemAlert error={above} takeFocus />
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
        <Button type="submit" loading={mutation.isPending}>
          {t('forgot.submit')}
        </Button>
      </Stack>
    </form>
  )
}
