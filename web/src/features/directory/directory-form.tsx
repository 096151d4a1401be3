import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormProblem } from '@/features/account/form-problem'
import { ProblemAlert } from '@/ui/problem-alert'
import { configureDirectory, type Directory, type DirectoryInput, organizationsKey } from './api'
import classes from './directory.module.css'

interface Props {
  organization: string
  redirectUri: string
  directory?: Directory
  close?: () => void
}

const words = (text: string) => text.split(/[\s,;，；、]+/).filter(Boolean)

/** Names an organization's directory. A secret that is left empty stays what it was. */
export function DirectoryForm({ organization, redirectUri, directory, close }: Props) {
  const { t } = useTranslation(['directory', 'common'])
  const client = useQueryClient()
  const form = useRef<HTMLFormElement>(null)
  const act = useMutation({
    mutationFn: (input: DirectoryInput) => configureDirectory(organization, input),
    onSuccess: (organizations) => {
      client.setQueryData(organizationsKey, organizations)
      close?.()
    },
  })
  const { under, above } = useFormProblem(act.error, ['issuer', 'client_id', 'domains'])
  useEffect(() => {
    if (act.error) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus()
  }, [act.error])

  const save = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const typed = new FormData(event.currentTarget)
    const text = (name: string) => String(typed.get(name) ?? '').trim()
    act.mutate({
      issuer: text('issuer'),
      client_id: text('client_id'),
      client_secret: text('client_secret') || null,
      domains: words(text('domains')),
      acr_values: words(text('acr_values')),
    })
  }
  const input = (name: string) => ({ name, error: under(name), required: true, withAsterisk: false })
  return (
    <form ref={form} onSubmit={save} noValidate>
      <Stack gap="md">
        <p className={classes.hint}>{t('directory.lead')}</p>
        <ProblemAlert error={above} takeFocus />
        <div>
          <p className={classes.hint}>{t('directory.redirect_uri')}</p>
          <code style={{ overflowWrap: 'anywhere' }}>{redirectUri}</code>
        </div>
        <TextInput
          {...input('issuer')}
          label={t('directory.issuer')}
          description={t('directory.issuer_hint')}
          type="url"
          inputMode="url"
          defaultValue={directory?.issuer}
          autoComplete="off"
        />
        <TextInput
          {...input('client_id')}
          label={t('directory.client_id')}
          defaultValue={directory?.client_id}
          autoComplete="off"
        />
        <PasswordInput
          name="client_secret"
          label={`${t('directory.secret')} (${t('common:optional')})`}
          description={t(directory?.has_secret ? 'directory.secret_keep_hint' : 'directory.secret_hint')}
          autoComplete="off"
          visibilityToggleButtonProps={{ 'aria-label': t('directory.secret_show') }}
        />
        <TextInput
          {...input('domains')}
          label={t('directory.domains')}
          description={t('directory.domains_hint')}
          defaultValue={directory?.domains.join(', ')}
          autoComplete="off"
        />
        <TextInput
          name="acr_values"
          label={`${t('directory.acr')} (${t('common:optional')})`}
          description={t('directory.acr_hint')}
          defaultValue={directory?.acr_values.join(' ')}
          autoComplete="off"
        />
        <div className={classes.acts}>
          <Button type="submit" loading={act.isPending}>
            {t('directory.save')}
          </Button>
          {close ? (
            <Button variant="default" onClick={close}>
              {t('common:cancel')}
            </Button>
          ) : null}
        </div>
      </Stack>
    </form>
  )
}
