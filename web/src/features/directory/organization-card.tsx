import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useFormat } from '@/i18n/format'
import { Chip } from '@/ui/chip'
import { Dialog, DialogActs } from '@/ui/dialog'
import { ProblemAlert } from '@/ui/problem-alert'
import { type AccountOrganization, beginForAccount, organizationsKey, removeDirectory } from './api'
import classes from './directory.module.css'
import { DirectoryForm } from './directory-form'
import { PeopleCard } from './people-card'
import { leaveFor } from './sign-in'
import { StaffFacts } from './staff-facts'

interface Props {
  organization: AccountOrganization
  redirectUri: string
}

export function OrganizationCard({ organization, redirectUri }: Props) {
  const { t } = useTranslation(['directory', 'common'])
  const format = useFormat()
  const { id, name, credit_code, role, until, directory, directory_host: host, staff } = organization
  return (
    <article className={classes.card}>
      <div className={classes.head}>
        <h2>{name}</h2>
        <Chip tone={role === 'administrator' ? 'jade' : 'amber'}>{t(`role.${role}`)}</Chip>
      </div>
      <p className={classes.hint}>
        {credit_code}
        {until ? ` · ${t('card.until', { date: format.date(until) })}` : null}
      </p>
      {role === 'administrator' ? (
        <>
          <h3>{t('directory.title')}</h3>
          {directory ? (
            <DirectoryFacts organization={organization} redirectUri={redirectUri} />
          ) : (
            <DirectoryForm organization={id} redirectUri={redirectUri} />
          )}
          <PeopleCard organization={id} />
        </>
      ) : null}
      {host ? <Staff id={id} name={name} host={host} proof={staff ?? null} /> : null}
    </article>
  )
}

function DirectoryFacts({ organization, redirectUri }: Props) {
  const { t } = useTranslation(['directory', 'common'])
  const client = useQueryClient()
  const [changing, setChanging] = useState(false)
  const [asking, setAsking] = useState(false)
  const remove = useMutation({
    mutationFn: () => removeDirectory(organization.id),
    onSuccess: (organizations) => client.setQueryData(organizationsKey, organizations),
  })
  const { directory } = organization
  if (!directory) return null
  if (changing) {
    return (
      <DirectoryForm
        organization={organization.id}
        redirectUri={redirectUri}
        directory={directory}
        close={() => setChanging(false)}
      />
    )
  }
  return (
    <>
      <dl className={classes.facts}>
        <dt>{t('directory.issuer')}</dt>
        <dd>{directory.issuer}</dd>
        <dt>{t('directory.client_id')}</dt>
        <dd>{directory.client_id}</dd>
        <dt>{t('directory.secret')}</dt>
        <dd>{t(directory.has_secret ? 'directory.secret_kept' : 'directory.secret_none')}</dd>
        <dt>{t('directory.domains')}</dt>
        <dd>{directory.domains.join(', ')}</dd>
        {directory.acr_values.length > 0 ? (
          <>
            <dt>{t('directory.acr')}</dt>
            <dd>{directory.acr_values.join(' ')}</dd>
          </>
        ) : null}
      </dl>
      <div className={classes.acts}>
        <Button variant="default" onClick={() => setChanging(true)}>
          {t('directory.change')}
        </Button>
        <Button variant="subtle" onClick={() => setAsking(true)}>
          {t('directory.remove')}
        </Button>
      </div>
      <Dialog opened={asking} close={() => setAsking(false)} title={t('directory.remove_title')}>
        <ProblemAlert error={remove.error} takeFocus />
        <p>{t('directory.remove_text')}</p>
        <DialogActs>
          <Button variant="default" onClick={() => setAsking(false)}>
            {t('common:cancel')}
          </Button>
          <Button loading={remove.isPending} onClick={() => remove.mutate()}>
            {t('directory.remove')}
          </Button>
        </DialogActs>
      </Dialog>
    </>
  )
}

function Staff({
  id,
  name,
  host,
  proof,
}: {
  id: string
  name: string
  host: string
  proof: AccountOrganization['staff']
}) {
  const { t } = useTranslation(['directory', 'common'])
  const begin = useMutation({
    mutationFn: () => beginForAccount(id),
    onSuccess: ({ authorization_url }) => leaveFor(authorization_url),
  })
  return (
    <>
      <h3>{t(proof ? 'staff.title_proved' : 'staff.title')}</h3>
      <ProblemAlert error={begin.error} takeFocus />
      {proof ? (
        <StaffFacts proof={proof} organization={name} />
      ) : (
        <>
          <p>{t('staff.invite', { organization: name, directory: host })}</p>
          <p className={classes.hint}>{t('staff.invite_worth')}</p>
        </>
      )}
      <div className={classes.acts}>
        <Button variant="default" loading={begin.isPending || begin.isSuccess} onClick={() => begin.mutate()}>
          {t(proof ? 'staff.sign_in_again' : 'staff.sign_in')}
        </Button>
      </div>
    </>
  )
}
